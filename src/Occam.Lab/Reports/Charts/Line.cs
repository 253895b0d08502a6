namespace Occam.Lab.Reports.Charts;

/// <summary>A line through points; NaN makes a gap.</summary>
public sealed record Line(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    /// <summary>The places upwards.</summary>
    public IReadOnlyList<double> Y { get; init; } = AsLongAs(Y, X.Count, nameof(Y));

    /// <summary>Whether the line is broken, to tell it apart by more than colour.</summary>
    public bool Dashed { get; init; }

    /// <summary>Colours the line by the figure's <see cref="Figure.Shade"/>.</summary>
    public double? Shade { get; init; }
}
