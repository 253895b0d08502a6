using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>
/// The granulated rank correlation (Jiang et al. 2020, eq. 4 and 5): for each hyperparameter the mean ψ_i over all
/// settings of the others of Kendall's τ of the runs that differ in it alone, and Ψ, the mean of the ψ_i. A measure that
/// only follows one hyperparameter has a large τ and a small Ψ.
/// </summary>
/// <param name="Mean">Ψ, over the hyperparameters that have a part; null where none has.</param>
/// <param name="Parts">ψ_i by hyperparameter; null where no two runs differ in it alone.</param>
internal sealed record GranulatedTau(double? Mean, ImmutableArray<KeyValuePair<string, double?>> Parts)
{
    /// <summary>Ψ and its parts.</summary>
    /// <inheritdoc cref="KendallTau.Compute"/>
    public static GranulatedTau Compute(RankingSample sample, ReadOnlySpan<double> weights = default)
    {
        var parts = ImmutableArray.CreateBuilder<KeyValuePair<string, double?>>();
        for (var axis = 0; axis < sample.Hyperparameters.Length; axis++)
        {
            parts.Add(new(sample.Hyperparameters[axis], Along(sample, axis, weights)));
        }

        double[] defined = [.. parts.Select(part => part.Value).OfType<double>()];
        return new GranulatedTau(defined.Length > 0 ? defined.Average() : null, parts.ToImmutable());
    }

    private static double? Along(RankingSample sample, int axis, ReadOnlySpan<double> weights)
    {
        var taus = new List<double>();
        foreach (var group in Enumerable
            .Range(0, sample.Count)
            .GroupBy(run => string.Join(' ', sample.Codes.Where((_, i) => i != axis).Select(codes => codes[run]))))
        {
            int[] runs = [.. group];
            var (sum, total) = (0.0, 0.0);
            for (var i = 0; i < runs.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    // Repetitions of one setting say nothing about the hyperparameter.
                    if (sample.Codes[axis][runs[i]] != sample.Codes[axis][runs[j]])
                    {
                        var weight = weights.IsEmpty ? 1 : weights[runs[i]] * weights[runs[j]];
                        sum += weight * sample.Agreement(runs[i], runs[j]);
                        total += weight;
                    }
                }
            }

            if (total > 0)
            {
                taus.Add(sum / total);
            }
        }

        return taus.Count > 0 ? taus.Average() : null;
    }
}
