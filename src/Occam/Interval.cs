namespace Occam;

/// <summary>All numbers between two.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public sealed record Interval(double Low, double High)
{
    /// <summary>Whether a number lies in it.</summary>
    public bool Holds(double value) => Low <= value && value <= High;
}
