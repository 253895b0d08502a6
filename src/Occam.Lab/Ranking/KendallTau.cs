namespace Occam.Lab.Ranking;

/// <summary>
/// Kendall's rank correlation coefficient (Jiang et al. 2020, eq. 2): the mean over pairs of runs of
/// sign(μ_i − μ_j) · sign(g_i − g_j), a tie counting 0 (τ_a).
/// </summary>
internal static class KendallTau
{
    /// <summary>τ, or null for fewer than two runs.</summary>
    /// <param name="sample">The runs.</param>
    /// <param name="weights">How often each run counts, once when left out. A run makes no pair with itself.</param>
    public static double? Compute(RankingSample sample, ReadOnlySpan<double> weights = default)
    {
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < sample.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var weight = weights.IsEmpty ? 1 : weights[i] * weights[j];
                sum += weight * sample.Agreement(i, j);
                total += weight;
            }
        }

        return total > 0 ? sum / total : null;
    }
}
