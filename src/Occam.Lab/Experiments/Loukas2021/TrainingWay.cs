using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A way in which bth-open-optimizers trains networks for Task 1.</summary>
/// <param name="Id">Its name in kebab case.</param>
/// <param name="Name">Its name on the page.</param>
/// <param name="Optimizer">How the parameters move.</param>
/// <param name="Batch">Examples of a step.</param>
/// <param name="IsNormalized">Whether every hidden layer of 32 units normalizes its values before the ReLU.</param>
internal sealed record TrainingWay(string Id, string Name, Optimizer Optimizer, int Batch, bool IsNormalized = false)
{
    private const long Units = 32;
    private const int Hidden = 3;

    /// <summary>The paper's own: one example a step, without momentum.</summary>
    public static TrainingWay Plain { get; } = new(
        "plain", "One example a step, without momentum", new Sgd(CosineTask.LearningRate), 1);

    /// <summary>All, the paper's own first.</summary>
    public static ImmutableArray<TrainingWay> All { get; } =
    [
        Plain,
        new("momentum", "Momentum", new Sgd(CosineTask.LearningRate / 10, 0.9), 1),
        new("adam", "Adam", new Adam(CosineTask.LearningRate / 10), 1),
        new("full-batch", "All examples a step", new Sgd(0.05), CosineTask.Points),
        new("layer-normalization", "All examples a step, layer normalization", new Sgd(0.05), CosineTask.Points, true),
    ];

    /// <summary>The network of a seed.</summary>
    public Network Network(int seed)
    {
        if (!IsNormalized)
        {
            return CosineTask.Network(seed);
        }

        using var generator = new Generator((ulong)seed);
        var builder = new NetworkBuilder("mlp", [CosineTask.Dimensions], InitializationScheme.PyTorch, generator)
            .Dense("layer1", CosineTask.Dimensions, weight: Initializers.Identity)
            .Activation("activation1", "relu");
        for (var layer = 2; layer < 2 + Hidden; layer++)
        {
            builder.Dense($"layer{layer}", Units).LayerNorm($"norm{layer}").Activation($"activation{layer}", "relu");
        }

        return builder.Dense($"layer{2 + Hidden}", 1).Build();
    }

    /// <summary>How it trains.</summary>
    public TrainingSettings Settings(int seed, long steps, long window) => CosineTask.Settings(seed, 0) with
    {
        Epochs = null,
        Steps = steps,
        Optimizer = Optimizer,
        BatchSize = Batch,
        Replacement = Batch < CosineTask.Points,
        TrajectoryWindow = window,
    };
}
