namespace Occam.Lab.Reports.Charts;

/// <summary>Circles at points.</summary>
public sealed record Dots(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    /// <summary>The places upwards.</summary>
    public IReadOnlyList<double> Y { get; init; } = AsLongAs(Y, X.Count, nameof(Y));

    /// <summary>Whether the circles are open.</summary>
    public bool Hollow { get; init; }

    /// <summary>Colours the circles, one by one, by the figure's <see cref="Figure.Shade"/>.</summary>
    public IReadOnlyList<double>? Shades { get; init => field = value is null ? null : AsLongAs(value, X.Count, nameof(Shades)); }
}
