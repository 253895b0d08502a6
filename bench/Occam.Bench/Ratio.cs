namespace Occam.Bench;

/// <summary>A ratio and its spread over the rounds.</summary>
/// <param name="Median">The median.</param>
/// <param name="Least">The least.</param>
/// <param name="Largest">The largest.</param>
public sealed record Ratio(double Median, double Least, double Largest);
