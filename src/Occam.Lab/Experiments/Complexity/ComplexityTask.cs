using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// What the trainings of Dherin et al. 2021 and 2022 have in common: a network, images, stochastic gradient descent, and
/// the geometric complexity of the logits on fixed training points in evaluation mode. On the way it is estimated with
/// one random cotangent an example; at the best test accuracy and at the end it is exact.
/// </summary>
internal sealed record ComplexityTask
{
    /// <summary>The network in words.</summary>
    public required string Network { get; init; }

    /// <summary>The network of a seed, before training.</summary>
    public required Func<int, Network> Build { get; init; }

    /// <summary>The training images.</summary>
    public required DataSet Training { get; init; }

    /// <summary>The test images.</summary>
    public required DataSet Test { get; init; }

    /// <summary>The training images on which the complexity is measured.</summary>
    public required DataSet Points { get; init; }

    /// <summary>How it is trained, where a condition says nothing else.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>How often a training is observed.</summary>
    public required int ObservationCount { get; init; }

    /// <summary>What differs from the paper's sizes.</summary>
    public required ImmutableArray<RichText> Remarks { get; init; }

    /// <summary>The settings that are common to all figures, with where they come from.</summary>
    public required ImmutableArray<ExperimentSetting> Described { get; init; }

    /// <summary>Trains under all conditions from every seed. What it takes is reported first, estimated from the first steps.</summary>
    public ImmutableArray<ComplexityRun> Train(ExperimentContext context, string name, IReadOnlyList<TrainingCondition> conditions) =>
        TrainingGroup.Train(context, new TrainingGroup(name, this, conditions))[0];
}
