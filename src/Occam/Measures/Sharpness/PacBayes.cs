namespace Occam.Measures.Sharpness;

/// <summary>Inequalities that hold with a stated probability.</summary>
internal static class PacBayes
{
    /// <summary>
    /// The PAC-Bayes bound of Neyshabur et al. 2017, eq. 5, on the expected error of a random network: its expected error on
    /// m examples, plus √((KL + ln(2m/δ))/m). It holds with probability 1 − δ over the examples for a prior chosen before they were seen,
    /// all posteriors at once, and errors between 0 and 1.
    /// </summary>
    public static double Bound(double empirical, double kl, long examples, double delta) =>
        empirical + Math.Sqrt((kl + Math.Log(2.0 * examples / delta)) / examples);

    /// <summary>
    /// An upper bound, with probability 1 − δ, of the mean of a variable in [0, 1] from the mean of n independent draws:
    /// the largest p with kl(mean ‖ p) ≤ ln(1/δ)/n (Chernoff; Hoeffding 1963, Theorem 1).
    /// </summary>
    public static double MeanAtMost(double mean, int draws, double delta)
    {
        var budget = Math.Log(1 / delta) / draws;
        var (low, high) = (mean, 1.0);
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            (low, high) = Divergence(mean, middle) <= budget ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double Divergence(double q, double p)
    {
        static double Term(double a, double b) => a == 0 ? 0 : a * Math.Log(a / b);
        return Term(q, p) + Term(1 - q, 1 - p);
    }
}
