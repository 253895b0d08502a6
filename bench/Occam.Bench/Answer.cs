namespace Occam.Bench;

/// <summary>What a contender computed, and what it took.</summary>
/// <param name="Value">The value; NaN where there is none to compare.</param>
/// <param name="Seconds">The time.</param>
/// <param name="PeakBytes">The highest resident memory of its process so far.</param>
/// <param name="Flops">Floating-point operations by a direct count; 0 where nobody counts.</param>
internal sealed record Answer(double Value, double Seconds, long PeakBytes, double Flops = 0);
