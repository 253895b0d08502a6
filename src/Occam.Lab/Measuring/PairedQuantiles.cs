namespace Occam.Lab.Measuring;

/// <summary>
/// The difference of two networks' quantiles over the same examples, and how far it can be trusted: pairs of examples are drawn again
/// with replacement, and the differences' spread is the standard error (Efron 1979).
/// </summary>
internal static class PairedQuantiles
{
    /// <summary>With fewer examples the spread says little.</summary>
    public const int FewestExamples = 20;

    private const int Resamples = 1000;

    /// <summary>Q_p(b) − Q_p(a), quantiles by R's type 7.</summary>
    /// <param name="b">By example, what is subtracted from.</param>
    /// <param name="a">What is subtracted, at the same examples.</param>
    /// <param name="p">Which quantile, between 0 and 1.</param>
    public static Uncertain Difference(IReadOnlyList<double> b, IReadOnlyList<double> a, double p)
    {
        var (orderOfA, orderOfB) = (Order(a), Order(b));
        var times = new int[a.Count];
        Array.Fill(times, 1);
        var value = Quantile(b, orderOfB, times, p) - Quantile(a, orderOfA, times, p);
        var random = new SeededRandom(0);
        var differences = new double[Resamples];
        for (var draw = 0; draw < Resamples; draw++)
        {
            Array.Clear(times);
            for (var i = 0; i < times.Length; i++)
            {
                times[random.NextInt(times.Length)]++;
            }

            differences[draw] = Quantile(b, orderOfB, times, p) - Quantile(a, orderOfA, times, p);
        }

        var mean = differences.Average();
        var variance = differences.Sum(difference => (difference - mean) * (difference - mean)) / (Resamples - 1);
        return variance == 0 ? value : Uncertain.Estimated(value, Math.Sqrt(variance), a.Count);
    }

    private static int[] Order(IReadOnlyList<double> values) => [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];

    // The quantile of values that count so many times each, n in all: between the order statistics at (n − 1)p.
    private static double Quantile(IReadOnlyList<double> values, int[] order, int[] times, double p)
    {
        var place = (order.Length - 1) * p;
        var (below, share) = ((int)place, place - Math.Floor(place));
        var (seen, low) = (0, double.NaN);
        foreach (var i in order)
        {
            seen += times[i];
            if (double.IsNaN(low) && seen > below)
            {
                low = values[i];
            }

            if (seen > below + 1 || (seen == order.Length && !double.IsNaN(low)))
            {
                return low + (share == 0 ? 0 : share * (values[i] - low));
            }
        }

        return low;
    }
}
