using System.Collections.Immutable;
using Occam.Lab.Runs.Data;
using Occam.Lab.Runs.Networks;
using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A training run, whole: what <c>occam train</c> reads. The same configuration gives the same run, bit for bit, on one machine.</summary>
public sealed record RunConfiguration
{
    /// <summary>What is trained.</summary>
    public required NetworkRecipe Network { get; init; }

    /// <summary>What it is trained and tested on.</summary>
    public required DataRecipe Data { get; init; }

    /// <summary>What is minimized, as a mean over the batch.</summary>
    public required Loss Loss { get; init; }

    /// <summary>How the parameters move.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Examples a step; all of them when left out.</summary>
    public int? Batch { get; init; }

    /// <summary>Whether the examples of a step are drawn from all; otherwise each comes once an epoch, in random order.</summary>
    public bool Replacement { get; init; }

    /// <summary>The length of the run in epochs; or give `steps`.</summary>
    public long? Epochs { get; init; }

    /// <summary>The length of the run in steps; or give `epochs`.</summary>
    public long? Steps { get; init; }

    /// <summary>The seed of everything random: first weights, order, noise, augmentation, dropout.</summary>
    public int Seed { get; init; }

    /// <summary>Names of parameters that don't move; `*` stands for any letters.</summary>
    public ImmutableArray<string> Frozen { get; init; } = [];

    /// <summary>Labels replaced at random.</summary>
    public LabelNoise? LabelNoise { get; init; }

    /// <summary>The standard deviation of normal noise added to every input of every step.</summary>
    public double InputNoise { get; init; }

    /// <summary>Random crops and flips of images.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Dropout after the forward pass, as in Theorem 3 of Loukas et al. 2021, where the network has dropout.</summary>
    public bool DropoutAfterForward { get; init; }

    /// <summary>What is added to the loss.</summary>
    public ImmutableArray<Regularizer> Regularizers { get; init; } = [];

    /// <summary>When to stop before the end.</summary>
    public StopConditions Stop { get; init; } = new();

    /// <summary>When loss and accuracy on the test data are looked at.</summary>
    public Cadence Evaluate { get; init; } = Cadence.EveryEpochs(1);

    /// <summary>What else is measured meanwhile.</summary>
    public ImmutableArray<ProbeConfiguration> Probes { get; init; } = [];

    /// <summary>The metric at whose best moment the network is kept as `best.onnx`, such as `test.loss`.</summary>
    public string? KeepBest { get; init; }

    /// <summary>Whether the trajectory of the biases is followed, step by step (Loukas et al. 2021, §4); not with a `precision` of `bfloat16`.</summary>
    public bool Trajectory { get; init; }

    /// <summary>Steps of a window of the trajectory; an epoch when left out.</summary>
    public long? TrajectoryWindow { get; init; }

    /// <summary>When a checkpoint is written.</summary>
    public CheckpointPlan Checkpoint { get; init; } = CheckpointPlan.Default;

    /// <summary>The numbers that are computed in; with `bfloat16` the weights stay in `float32`, which is called mixed precision.</summary>
    public Precision Precision { get; init; }

    /// <summary>Where it is computed: `cpu` or `cuda:N`.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How many threads one operator may use; as many as there are cores when left out.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether small dense networks are trained by the managed kernel, which gives the same up to rounding, sooner.</summary>
    public bool ManagedKernel { get; init; } = true;

    /// <summary>How the training core is to train.</summary>
    public TrainingSettings Settings => new()
    {
        Loss = Loss,
        Optimizer = Optimizer,
        Schedule = Schedule,
        BatchSize = Batch,
        Replacement = Replacement,
        Steps = Steps,
        Epochs = Epochs,
        Seed = Seed,
        Frozen = Frozen,
        LabelNoise = LabelNoise,
        InputNoise = InputNoise,
        Augmentation = Augmentation,
        DropoutAfterForward = DropoutAfterForward,
        Regularizers = Regularizers,
        Stop = Stop,
        Trajectory = Trajectory,
        TrajectoryWindow = TrajectoryWindow,
        ManagedKernel = ManagedKernel,
        MixedPrecision = Precision == Precision.BFloat16,
    };
}
