namespace Occam.Lab.Significance;

/// <summary>
/// The area under the receiver operating characteristic of a score: the probability that an example of those looked for has a higher one
/// than another example, ties counted half. ½ of a score that knows nothing, 1 of one that puts all of them first.
/// </summary>
internal static class AreaUnderCurve
{
    /// <summary>
    /// The area, with its standard error over other examples of both kinds (DeLong, DeLong and Clarke-Pearson 1988): √(s₁²/m + s₀²/n), with
    /// s₁² the variance over the m examples looked for of the share of the n others that each is above, and s₀² the other way round. Not
    /// known where all of them are first or last.
    /// </summary>
    /// <param name="scores">The score of each example.</param>
    /// <param name="wanted">Whether it is one of those looked for.</param>
    /// <returns>Without a value where there are none of one kind.</returns>
    public static Uncertain? Of(IReadOnlyList<double> scores, IReadOnlyList<bool> wanted)
    {
        double[] Sorted(bool kind) => [.. scores.Where((_, i) => wanted[i] == kind).Order()];
        var (own, others) = (Sorted(true), Sorted(false));
        if (own.Length == 0 || others.Length == 0)
        {
            return null;
        }

        var above = Uncertain.Mean([.. own.Select(score => ShareBelow(others, score))]);
        var below = Uncertain.Mean([.. others.Select(score => 1 - ShareBelow(own, score))]);
        return Uncertain.Estimated(
            above.Value, Math.Sqrt((above.StandardError * above.StandardError) + (below.StandardError * below.StandardError)),
            Math.Min(own.Length, others.Length)).UnknownIfAlike();
    }

    // The share of the sorted numbers that are lower, ties counted half.
    private static double ShareBelow(double[] sorted, double score) =>
        (Bound(sorted, score, orEqual: false) + Bound(sorted, score, orEqual: true)) / (2.0 * sorted.Length);

    // How many are lower, or not higher.
    private static int Bound(double[] sorted, double score, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < score || (orEqual && sorted[middle] == score) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
