using System.Collections.Immutable;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Contract;

/// <summary>What an experiment shows beside its verdicts: all else that its page and its files are made of.</summary>
public record ExperimentFigure
{
    /// <summary>What was done, in a few sentences below the title. It asserts nothing that a verdict is to say.</summary>
    public required RichText Summary { get; init; }

    /// <summary>The figure: its panels, in sections with what they show.</summary>
    public required ImmutableArray<Block> Panels { get; init; }

    /// <summary>The exact configuration, each setting with where it comes from.</summary>
    public required ImmutableArray<ExperimentSetting> Settings { get; init; }

    /// <summary>The configuration of its trainings as a file that can be run, where there is one.</summary>
    public string? Configuration { get; init; }

    /// <summary>What the reader must know before all else, such as that there were fewer images than in the paper.</summary>
    public ImmutableArray<RichText> Remarks { get; init; } = [];

    /// <summary>The raw data, a CSV file each beside the page.</summary>
    public ImmutableArray<RawTable> Tables { get; init; } = [];
}
