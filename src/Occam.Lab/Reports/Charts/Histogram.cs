namespace Occam.Lab.Reports.Charts;

/// <summary>How many of the values lie in each of equally wide bins along the X axis.</summary>
public sealed record Histogram(IReadOnlyList<double> Values) : Mark
{
    /// <summary>About how many bins; by Scott's rule when null.</summary>
    public int? Bins { get; init; }
}
