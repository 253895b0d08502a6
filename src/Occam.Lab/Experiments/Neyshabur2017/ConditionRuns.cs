using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>The raw runs of Figures 5 to 8, and how they were made.</summary>
/// <param name="Runs">A perceptron a seed.</param>
internal sealed record ConditionRuns(params ImmutableArray<ConditionRun> Runs)
{
    /// <summary>How they were trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings { get; init; } = [];

    /// <summary>What the reader must know before all else.</summary>
    public ImmutableArray<RichText> Remarks { get; init; } = [];

    /// <summary>How each training ended.</summary>
    public ImmutableArray<RawTable> Trainings { get; init; } = [];

    /// <summary>The conditions of the trained networks.</summary>
    public ImmutableArray<LayerConditions> Trained => [.. Runs.Select(run => run.Trained)];
}
