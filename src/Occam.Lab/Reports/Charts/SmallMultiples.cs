namespace Occam.Lab.Reports.Charts;

/// <summary>A grid of charts with the same axes, read row by row.</summary>
/// <param name="Title">The title of them all.</param>
/// <param name="X">The horizontal axis of every panel.</param>
/// <param name="Y">The vertical axis of every panel.</param>
/// <param name="Columns">Panels in a row where the page is wide enough.</param>
/// <param name="Panels">The panels.</param>
public sealed record SmallMultiples(RichText Title, Axis X, Axis Y, int Columns, params IReadOnlyList<Panel> Panels) : Figure(Title, X, Y)
{
    /// <summary>Marks that every panel shows, below its own.</summary>
    public IReadOnlyList<Mark> Always { get; init; } = [];

    private protected override string Layout => "grid";

    private protected override IReadOnlyList<Panel> ShownPanels => Panels;

    private protected override int ShownColumns => Columns;

    private protected override IReadOnlyList<Mark> ShownAlways => Always;
}
