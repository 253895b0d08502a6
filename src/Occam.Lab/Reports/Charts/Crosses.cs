namespace Occam.Lab.Reports.Charts;

/// <summary>Oblique crosses at points.</summary>
public sealed record Crosses(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    /// <summary>The places upwards.</summary>
    public IReadOnlyList<double> Y { get; init; } = AsLongAs(Y, X.Count, nameof(Y));
}
