using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>Trainings over the strength of the penalty on geometric complexity, and how they were made.</summary>
/// <param name="Perceptrons">Of perceptrons on MNIST.</param>
/// <param name="ResNets">Of residual networks on CIFAR-10.</param>
internal sealed record ExplicitRuns(ImmutableArray<ComplexityRun> Perceptrons, ImmutableArray<ComplexityRun> ResNets)
{
    /// <summary>How they were trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings { get; init; } = [];

    /// <summary>What the reader must know before all else.</summary>
    public ImmutableArray<RichText> Remarks { get; init; } = [];
}
