using System.Collections.Immutable;
using Occam.Lab.Runs.Data;
using Occam.Lab.Runs.Networks;
using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>
/// A training run, whole: what <c>occam train</c> reads. The same configuration gives the same run, bit for bit, on one machine.
/// </summary>
public sealed record RunConfiguration
{
    /// <summary>What is trained.</summary>
    public required NetworkRecipe Network { get; init; }

    /// <summary>What it is trained and tested on.</summary>
    public required DataRecipe Data { get; init; }

    /// <summary>How it is trained; in mixed precision where the <see cref="Precision"/> is bfloat16, whatever was set.</summary>
    [Flattened(Without = [nameof(TrainingSettings.MixedPrecision)])]
    [Renamed(nameof(TrainingSettings.BatchSize), "batch")]
    public required TrainingSettings Settings { get => field with { MixedPrecision = Precision == Precision.BFloat16 }; init; }

    /// <summary>When loss and accuracy on the test data are computed.</summary>
    public Cadence Evaluate { get; init; } = Cadence.EveryEpochs(1);

    /// <summary>The other measures taken during training.</summary>
    public ImmutableArray<ProbeConfiguration> Probes { get; init; } = [];

    /// <summary>
    /// Whether it is measured how near the training is to the edge of stability (`edge-of-stability`, 1 at the edge); not when left out.
    /// </summary>
    public StabilityConfiguration? Stability { get; init; }

    /// <summary>The metric at whose best moment the network is kept as `best.onnx`, such as `test.loss`.</summary>
    public string? KeepBest { get; init; }

    /// <summary>When a checkpoint is written.</summary>
    public CheckpointPlan Checkpoint { get; init; } = CheckpointPlan.Default;

    /// <summary>The numbers that are computed in; with `bfloat16` the weights stay in `float32`, which is called mixed precision.</summary>
    public Precision Precision { get; init; }

    /// <summary>Where it is computed: `cpu` or `cuda:N`.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The most threads that one operator may be given.</summary>
    internal const int MostThreads = 4096;

    /// <summary>How many threads one operator may use; as many as there are cores when left out.</summary>
    public int? Threads { get; init; }
}
