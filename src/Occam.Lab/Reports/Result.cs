using Occam.Formulas;

namespace Occam.Lab.Reports;

/// <summary>A measured quantity as a <see cref="ResultTable"/> shows it.</summary>
/// <param name="Title">What was measured.</param>
/// <param name="Quantity">The quantity itself: exact on the data, or estimated by sampling.</param>
/// <param name="Source">The paper and equation that define it.</param>
public sealed record Result(RichText Title, Uncertain Quantity, RichText Source)
{
    /// <summary>The measure's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>What it is one of; rows of one family stand under its title where there are several families.</summary>
    public string Family { get; init; } = "";

    /// <summary>What it says of a network, in a sentence; null where nothing is said.</summary>
    public RichText? Meaning { get; init; }

    /// <summary>Its definition; null where it has none.</summary>
    public MathText? Definition { get; init; }

    /// <summary>Further values that belong to it, such as a maximum beside a mean.</summary>
    public IReadOnlyList<Fact> Details { get; init; } = [];

    /// <summary>What raises and lowers it: who claims so, and what was found of it.</summary>
    public IReadOnlyList<RichText> Moves { get; init; } = [];

    /// <summary>Its conventions and warnings.</summary>
    public IReadOnlyList<RichText> Notes { get; init; } = [];

    /// <summary>The nodes of the network that it left out, each with the reason.</summary>
    public IReadOnlyList<Fact> Skipped { get; init; } = [];
}
