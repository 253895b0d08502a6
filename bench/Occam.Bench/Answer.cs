namespace Occam.Bench;

/// <summary>What a contender computed, and what it took.</summary>
/// <param name="Values">The values, in the same order on both sides.</param>
/// <param name="Seconds">The time.</param>
/// <param name="PeakBytes">The highest resident memory of its process so far.</param>
/// <param name="Flops">Floating-point operations by a direct count; 0 where nobody counts.</param>
internal sealed record Answer(double[] Values, double Seconds, long PeakBytes, double Flops = 0)
{
    /// <summary>The standard error of each value that was drawn; 0 where it is exact. Empty where all are.</summary>
    public double[] Errors { get; init; } = [];

    /// <summary>The standard error of a value.</summary>
    public double ErrorOf(int value) => value < Errors.Length ? Errors[value] : 0;
}
