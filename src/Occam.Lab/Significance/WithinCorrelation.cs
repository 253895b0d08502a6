using MathNet.Numerics.Statistics;

namespace Occam.Lab.Significance;

/// <summary>
/// Spearman's ρ of two quantities within groups, such as the runs of a seed, whose pairs depend on each other: the correlation of the ranks
/// over all pairs, each less the mean of its group. Every group has a share in it, and the shares are independent from group to group, so
/// that their number is what the error rests on, however many pairs a group has (as the errors by clusters of Liang and Zeger 1986).
/// </summary>
internal static class WithinCorrelation
{
    /// <summary>The correlation, with its error from the groups' shares; NaN where no group has two pairs that differ.</summary>
    /// <param name="pairs">Each pair, with its group.</param>
    public static StudentEstimate Of(IReadOnlyList<(int Group, double First, double Second)> pairs)
    {
        if (pairs.Count == 0)
        {
            return new StudentEstimate(double.NaN, double.NaN, double.NaN);
        }

        double[] firsts = [.. pairs.Select(pair => pair.First)], seconds = [.. pairs.Select(pair => pair.Second)];
        var groups = firsts.Ranks().Zip(seconds.Ranks(), pairs.Select(pair => pair.Group))
            .GroupBy(pair => pair.Third)
            .Where(group => group.Count() > 1)
            .Select(group => Products([.. group.Select(pair => pair.First)], [.. group.Select(pair => pair.Second)]))
            .ToArray();
        var scale = Math.Sqrt(groups.Sum(group => group.Firsts) * groups.Sum(group => group.Seconds));
        double[] shares = [.. groups.Select(group => groups.Length * group.Both / scale)];
        return scale > 0 ? StudentEstimate.Mean(shares) : new StudentEstimate(double.NaN, double.NaN, double.NaN);
    }

    // The sums of squares and products about the group's means.
    private static (double Firsts, double Seconds, double Both) Products(double[] firsts, double[] seconds)
    {
        var (first, second) = (firsts.Average(), seconds.Average());
        return (
            firsts.Sum(value => (value - first) * (value - first)),
            seconds.Sum(value => (value - second) * (value - second)),
            firsts.Zip(seconds, (one, other) => (one - first) * (other - second)).Sum());
    }
}
