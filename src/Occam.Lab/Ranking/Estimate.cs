namespace Occam.Lab.Ranking;

/// <summary>A statistic with its bootstrap interval.</summary>
/// <param name="Value">The statistic of the runs themselves; null where it isn't defined.</param>
/// <param name="Interval">Its interval; null where the statistic or its resamples aren't defined, or none were asked for.</param>
public sealed record Estimate(double? Value, Interval? Interval);
