using System.Collections.Immutable;

namespace Occam.Measures;

/// <summary>A quantity that a measure found along another one.</summary>
/// <param name="Along">What runs along: the name of the horizontal axis.</param>
/// <param name="Of">What was found: the name of the vertical axis.</param>
/// <param name="X">Where, ascending.</param>
/// <param name="Y">What was found there.</param>
public sealed record MeasureCurve(string Along, string Of, ImmutableArray<double> X, ImmutableArray<Uncertain> Y)
{
    /// <summary>Whether it is never negative and differs by magnitudes: drawn on a logarithmic scale.</summary>
    public bool IsPositive { get; init; }
}
