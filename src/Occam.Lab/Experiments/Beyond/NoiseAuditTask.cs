using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Auditing;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Significance;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Slope;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>Networks that learn labels of which some are wrong, and the scores of their examples. All of it is chosen here.</summary>
/// <param name="Set">The data set.</param>
/// <param name="Width">Units of a hidden layer, or channels of the first convolution.</param>
/// <param name="Images">Training images.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Moments">How often on the way the curvature is measured.</param>
/// <param name="Directions">Random directions an example for it.</param>
internal sealed record NoiseAuditTask(string Set, int Width, int Images, int Epochs, int Moments, int Directions)
{
    public const string Loss = "loss";
    public const string Margin = "−margin";
    public const string Gradient = "squared gradient by the weights";
    public const string Complexity = "squared Jacobian";
    public const string Curvature = "curvature by the input";
    public const string MeanLoss = "loss, mean over training";
    public const string MeanCurvature = "curvature by the input, mean over training";
    public const string Forgotten = "times forgotten";

    /// <summary>The share of the labels that are wrong.</summary>
    public const double Noise = 0.1;

    private const int Batch = 32;
    private const double LearningRate = 1e-3;

    /// <summary>What is trained, as it begins a sentence.</summary>
    public string Network => IsConvolutional
        ? $"A convolutional network of {Width} and {2 * Width} channels" : $"A perceptron of 2 hidden layers of {Width} units";

    /// <summary>How it is trained and what is measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings =>
    [
        new("network", IsConvolutional
            ? $"two 3×3 convolutions of {Width} and {2 * Width} channels, each with max-pooling by 2, a dense layer of {4 * Width}, ReLU"
            : $"perceptron of 2 hidden layers of {Width} units, ReLU", Origin.Chosen),
        new("initial weights", "He’s normal, biases 0", Origin.Chosen),
        new("images", $"{Images:N0} of {Set}", Origin.Run),
        new("wrong labels", string.Create(
            CultureInfo.InvariantCulture, $"{100 * Noise:0} % of all, each of another class than its own, drawn uniformly"), Origin.Chosen),
        new("loss", "cross-entropy", Origin.Chosen),
        new("optimizer", string.Create(CultureInfo.InvariantCulture, $"Adam, learning rate {LearningRate}, batch {Batch}"), Origin.Chosen),
        new("end", $"after {Epochs} epochs", Origin.Chosen),
        new("over training", $"loss and right answers after every epoch; the curvature after {Moments} of them, from {Directions} random "
            + "directions an image", Origin.Chosen),
    ];

    private bool IsConvolutional => Set != "mnist";

    /// <summary>Trains from every seed, with wrong labels of its own.</summary>
    public ImmutableArray<NoiseAuditRun> Train(ExperimentContext context)
    {
        var clean = context.OpenOr($"{Set}:train", "glyphs:train").Subset(Images, 0);
        return context.Replicate("training", context.Seeds, (seed, replica) => Train(clean, seed, replica));
    }

    /// <summary>The labels of which a share is drawn from the other classes.</summary>
    internal static (int[] Labels, bool[] Wrong) Spoil(int[] labels, int classes, int seed)
    {
        SeededRandom random = new(seed);
        var chosen = random.Choose((int)Math.Round(Noise * labels.Length), labels.Length).ToHashSet();
        bool[] wrong = [.. Enumerable.Range(0, labels.Length).Select(chosen.Contains)];
        return ([.. labels.Select((label, i) => wrong[i] ? (label + 1 + random.NextInt(classes - 1)) % classes : label)], wrong);
    }

    private NoiseAuditRun Train(DataSet clean, int seed, Replica replica)
    {
        var (labels, wrong) = Spoil(clean.RequireLabels(), clean.Classes, seed);
        var data = clean.WithLabels(labels, $"{100 * Noise:0} % of them wrong (seed {seed})");
        using var generator = new Generator((ulong)seed);
        using var trainer = new Trainer(Build(clean, generator), data, new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Adam(LearningRate),
            BatchSize = Math.Min(Batch, Images),
            Epochs = Epochs,
            Seed = seed,
        });
        var (losses, curvatures) = (new double[data.Count], new double[data.Count]);
        List<bool[]> correct = [];
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)trainer.Step / trainer.Steps);
            trainer.TakeStep();
            if (trainer.Step % trainer.StepsPerEpoch == 0 && trainer.End is TrainingEnd.None or TrainingEnd.Completed)
            {
                using var scope = Libtorch.NewDisposeScope();
                MeasureContext context = new(new Subject(trainer.Snapshot()), data);
                correct.Add([.. new Margin().Measurement(context).PerExample.Select(margin => margin > 0)]);
                Add(losses, new MeanLoss(), context);
                if (correct.Count % Math.Max(1, Epochs / Moments) == 0)
                {
                    Add(curvatures, new InputLossCurvature(Directions), context);
                }
            }
        }

        using var end = Libtorch.NewDisposeScope();
        MeasureContext last = new(new Subject(trainer.Snapshot()), data);
        (string Name, double[] Values)[] scores =
        [
            (Loss, Of(new MeanLoss(), last)), (Margin, [.. Of(new Margin(), last).Select(margin => -margin)]),
            (Gradient, Of(new LossSlope(), last)), (Complexity, Of(new GeometricComplexity(), last)),
            (Curvature, Of(new InputLossCurvature(Directions), last)), (MeanLoss, losses), (MeanCurvature, curvatures),
            (Forgotten, [.. Forgetting.Counts(correct)]),
        ];
        return new NoiseAuditRun(
            seed, 1 - correct[^1].Average(right => right ? 1.0 : 0), wrong.Count(each => each),
            [
                .. scores.Select(score =>
                {
                    var area = AreaUnderCurve.Of(score.Values, wrong)!.Value;
                    return new NoiseAuditArea(score.Name, area.Value, area.StandardError);
                }),
            ]);
    }

    private Networks.Network Build(DataSet data, Generator generator) => IsConvolutional
        ? new NetworkBuilder("cnn", data.ExampleShape.Select(size => (long)size), InitializationScheme.He, generator)
            .Convolution("conv1", Width, 3, padding: 1).Activation("relu1", "relu").MaxPool("pool1", 2, 2)
            .Convolution("conv2", 2 * Width, 3, padding: 1).Activation("relu2", "relu").MaxPool("pool2", 2, 2)
            .Flatten("flatten")
            .Dense("dense1", 4 * Width).Activation("relu3", "relu")
            .Dense("dense2", data.Classes)
            .Build()
        : Mlp.Build([data.ExampleSize, Width, Width, data.Classes], "relu", InitializationScheme.He, generator);

    private static void Add(double[] sums, Measure measure, MeasureContext context)
    {
        var values = Of(measure, context);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += values[i];
        }
    }

    private static double[] Of(Measure measure, MeasureContext context) => [.. measure.Measurement(context).PerExample];
}
