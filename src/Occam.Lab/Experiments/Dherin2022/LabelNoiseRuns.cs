using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>Trainings over the fraction of noisy labels, and how they were made.</summary>
/// <param name="Once">Labels replaced once, before the first step.</param>
/// <param name="EveryStep">Labels replaced anew at every step.</param>
internal sealed record LabelNoiseRuns(ImmutableArray<ComplexityRun> Once, ImmutableArray<ComplexityRun> EveryStep)
{
    /// <summary>The network, as it stands in a sentence.</summary>
    public string Network { get; init; } = "";

    /// <summary>How they were trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings { get; init; } = [];

    /// <summary>What the reader must know before all else.</summary>
    public ImmutableArray<RichText> Remarks { get; init; } = [];
}
