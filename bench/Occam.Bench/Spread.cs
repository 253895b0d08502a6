using System.Collections.Immutable;
using MathNet.Numerics.Statistics;

namespace Occam.Bench;

/// <summary>Repeated measurements of one quantity.</summary>
internal sealed record Spread(ImmutableArray<double> Values)
{
    public double Minimum => Values.Min();

    public double Median => Values.Median();

    public double Maximum => Values.Max();

    /// <summary>The ratio round by round, so that what slows the machine for a while slows both sides.</summary>
    public static Spread Ratio(Spread numerator, Spread denominator) =>
        new([.. numerator.Values.Zip(denominator.Values, (above, below) => above / below)]);
}
