namespace Occam.Lab.Reports.Charts;

/// <summary>One chart: marks over two axes. Later marks lie above earlier ones.</summary>
public sealed record Chart(RichText Title, Axis X, Axis Y, params IReadOnlyList<Mark> Marks) : Figure(Title, X, Y)
{
    private protected override string Layout => "single";

    private protected override IReadOnlyList<Panel> ShownPanels => [new Panel("", Marks)];
}
