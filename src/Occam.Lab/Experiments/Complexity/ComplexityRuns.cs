using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>The raw runs of a figure of trainings, and how they were made.</summary>
/// <param name="Runs">The trainings, several seeds at each level.</param>
internal sealed record ComplexityRuns(params ImmutableArray<ComplexityRun> Runs)
{
    /// <summary>The network, as it stands in a sentence.</summary>
    public string Network { get; init; } = "";

    /// <summary>How they were trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings { get; init; } = [];

    /// <summary>What the reader must know before all else.</summary>
    public ImmutableArray<RichText> Remarks { get; init; } = [];
}
