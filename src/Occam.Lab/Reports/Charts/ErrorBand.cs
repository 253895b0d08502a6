namespace Occam.Lab.Reports.Charts;

/// <summary>The area between two curves.</summary>
public sealed record ErrorBand(IReadOnlyList<double> X, IReadOnlyList<double> Low, IReadOnlyList<double> High) : Mark
{
    /// <summary>The lower curve.</summary>
    public IReadOnlyList<double> Low { get; init; } = AsLongAs(Low, X.Count, nameof(Low));

    /// <summary>The upper curve.</summary>
    public IReadOnlyList<double> High { get; init; } = AsLongAs(High, X.Count, nameof(High));

    /// <summary>Colours the band by the figure's <see cref="Figure.Shade"/>.</summary>
    public double? Shade { get; init; }

    /// <summary>The band of <paramref name="error"/> to both sides of <paramref name="centre"/>.</summary>
    public static ErrorBand Around(IReadOnlyList<double> x, IReadOnlyList<double> centre, IReadOnlyList<double> error) =>
        new(x, [.. centre.Zip(error, (value, width) => value - width)], [.. centre.Zip(error, (value, width) => value + width)]);
}
