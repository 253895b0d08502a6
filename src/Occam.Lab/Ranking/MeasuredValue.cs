namespace Occam.Lab.Ranking;

/// <summary>A measure's value on a run's network.</summary>
/// <param name="Value">The value; null where it couldn't be computed.</param>
/// <param name="StandardError">Its standard error, where it is estimated.</param>
/// <param name="Why">Why there is no value.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record MeasuredValue(double? Value, double StandardError, string? Why, double Seconds);
