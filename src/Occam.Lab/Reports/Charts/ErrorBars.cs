namespace Occam.Lab.Reports.Charts;

/// <summary>Points with a vertical bar of ± the error.</summary>
public sealed record ErrorBars(IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> Error) : Mark
{
    /// <summary>The places upwards.</summary>
    public IReadOnlyList<double> Y { get; init; } = AsLongAs(Y, X.Count, nameof(Y));

    /// <summary>Half the bars' lengths.</summary>
    public IReadOnlyList<double> Error { get; init; } = AsLongAs(Error, X.Count, nameof(Error));

    /// <summary>Colours them by the figure's <see cref="Figure.Shade"/>.</summary>
    public double? Shade { get; init; }
}
