using MathNet.Numerics.Statistics;

namespace Occam.Measures.Posterior;

/// <summary>
/// What Markov chains say together of a mean, and whether they agree on it (Gelman et al. 2013, §11.4–11.5; Vehtari et al. 2021).
/// </summary>
/// <param name="Estimate">
/// The mean of all draws. Its error is that of the mean over the halves of the chains, as of independent numbers (batch means; Flegal and
/// Jones 2010), which knows of autocorrelation and of differences between the chains; by Student's distribution with as many degrees of
/// freedom less one.
/// </param>
/// <param name="RHat">
/// The split R̂: the root of how much larger the variance of all halves of the chains together is than that within them. 1 of chains that
/// agree; NaN where nothing moved.
/// </param>
/// <param name="EffectiveSize">How many independent draws would tell the mean as well.</param>
internal sealed record ChainAgreement(Uncertain Estimate, double RHat, double EffectiveSize)
{
    private const int FewestDraws = 8;

    /// <summary>The mean of all draws.</summary>
    public double Mean => Estimate.Value;

    /// <summary>Its standard error.</summary>
    public double StandardError => Estimate.StandardError;

    /// <summary>Compares chains.</summary>
    /// <param name="chains">Each chain's draws of the quantity: equally many, eight or more.</param>
    public static ChainAgreement Of(IReadOnlyList<double[]> chains)
    {
        if (chains[0].Length < FewestDraws || chains.Any(chain => chain.Length != chains[0].Length))
        {
            throw new ArgumentException($"chains of {chains[0].Length} draws can't be compared: give {FewestDraws} or more, equally many");
        }

        var n = chains[0].Length / 2;
        double[][] halves = [.. chains.SelectMany(chain => new[] { chain[..n], chain[^n..] })];
        var within = halves.Average(half => half.Variance());
        double[] means = [.. halves.Select(half => half.Average())];
        var between = means.Variance();
        var all = (within * (n - 1) / n) + between;
        return new ChainAgreement(
            Uncertain.Mean(means) with { Value = chains.Average(chain => chain.Average()) }, Math.Sqrt(all / within),
            EffectiveDraws(halves, within, all));
    }

    // Geyer's initial monotone sequence (1992) of sums of neighbouring autocorrelations.
    private static double EffectiveDraws(double[][] halves, double within, double all)
    {
        var (n, count) = (halves[0].Length, (double)(halves.Length * halves[0].Length));
        var (time, last) = (-1.0, double.PositiveInfinity);
        for (var lag = 0; lag + 1 < n; lag += 2)
        {
            var pair = Math.Min(last, Correlation(lag) + Correlation(lag + 1));
            if (!(pair > 0))
            {
                break;
            }

            (time, last) = (time + (2 * pair), pair);
        }

        // Draws that alternate may be worth more than independent ones; how much more can't be told from few.
        return count / Math.Max(time, 1 / Math.Log10(count));

        double Correlation(int lag) => lag == 0 ? 1 : 1 - ((within - halves.Average(half => Covariance(half, lag))) / all);
    }

    // With n − 1, as the variance within has it.
    private static double Covariance(double[] draws, int lag)
    {
        var mean = draws.Average();
        var sum = 0.0;
        for (var i = 0; i + lag < draws.Length; i++)
        {
            sum += (draws[i] - mean) * (draws[i + lag] - mean);
        }

        return sum / (draws.Length - 1);
    }
}
