using System.Collections.Immutable;
using MathNet.Numerics.Statistics;

namespace Occam.Lab.Ranking;

/// <summary>
/// The robust sign error (Dziugaite et al. 2020, §3–5). An environment is a pair of settings that differ in one
/// hyperparameter; its error is the weighted mean over pairs of their runs of (1 − sign(μ_i − μ_j) sign(g_i − g_j))/2: 0 where
/// the measure orders them as the gap does, ½ for a coin. A pair weighs (w − ½)₊, w = (1 − 2 e^(−n Δ²/2))₊² being a lower
/// bound, by Hoeffding's inequality for both gaps, of the probability that gaps Δ apart on n test examples differ truly.
/// Environments whose weights have an effective size (Σw)²/Σw² below the least are left out. (Published code counts each
/// environment in both directions, which changes no mean and no maximum.)
/// </summary>
/// <param name="Mean">Over environments; null where none is left.</param>
/// <param name="Percentile90">Over environments, between order statistics by linear interpolation.</param>
/// <param name="Maximum">Over environments: the robust one.</param>
/// <param name="Environments">How many were left.</param>
/// <param name="LeftOut">How many had too small an effective size.</param>
/// <param name="Parts">The mean error by the hyperparameter that varies; null where no environment is left.</param>
public sealed record SignError(
    double? Mean, double? Percentile90, double? Maximum, int Environments, int LeftOut, ImmutableArray<KeyValuePair<string, double?>> Parts)
{
    /// <summary>The sign error's summary.</summary>
    /// <param name="sample">The runs.</param>
    /// <param name="options">The number of test examples and the least effective size.</param>
    /// <param name="weights">How often each run counts, once when left out. Which environments are left out is decided without.</param>
    public static SignError Compute(RankingSample sample, RankingOptions options, ReadOnlySpan<double> weights = default)
    {
        var settings = Enumerable.Range(0, sample.Count)
            .GroupBy(run => string.Join(' ', sample.Codes.Select(codes => codes[run])))
            .Select(group => group.ToArray())
            .ToArray();
        var errors = new List<(int Axis, double Error)>();
        var leftOut = 0;
        for (var a = 0; a < settings.Length; a++)
        {
            for (var b = 0; b < a; b++)
            {
                if (sample.Differences(settings[a][0], settings[b][0]) != 1)
                {
                    continue;
                }

                if (!Environment(sample, settings[a], settings[b], options, weights, out var error))
                {
                    leftOut++;
                }
                else if (error is { } value)
                {
                    var (first, second) = (settings[a][0], settings[b][0]);
                    errors.Add(
                        (Enumerable.Range(0, sample.Codes.Length).First(i => sample.Codes[i][first] != sample.Codes[i][second]), value));
                }
            }
        }

        double[] all = [.. errors.Select(error => error.Error)];
        var parts = sample.Hyperparameters.Select((name, axis) =>
            KeyValuePair.Create(name, errors.Where(error => error.Axis == axis).Select(error => (double?)error.Error).Average()))
                .ToImmutableArray();
        return all.Length == 0
            ? new SignError(null, null, null, 0, leftOut, parts)
            : new SignError(
                all.Average(), Statistics.QuantileCustom(all, 0.9, QuantileDefinition.R7), all.Max(), all.Length, leftOut, parts);
    }

    /// <summary>(w − ½)₊ for two gaps Δ apart, each from n test examples.</summary>
    public static double PairWeight(double difference, int testExamples)
    {
        var each = Math.Max(0, 1 - (2 * Math.Exp(-testExamples * difference * difference / 2)));
        return Math.Max(0, (each * each) - 0.5);
    }

    // False where the effective size is too small; no error where no pair is drawn.
    private static bool Environment(
        RankingSample sample, int[] first, int[] second, RankingOptions options, ReadOnlySpan<double> weights, out double? error)
    {
        var (sum, squares, drawn, wrong) = (0.0, 0.0, 0.0, 0.0);
        foreach (var i in first)
        {
            foreach (var j in second)
            {
                var weight = options.TestExamples is { } n ? PairWeight(sample.Gap[i] - sample.Gap[j], n) : 1;
                sum += weight;
                squares += weight * weight;
                weight *= weights.IsEmpty ? 1 : weights[i] * weights[j];
                drawn += weight;
                wrong += weight * (1 - sample.Agreement(i, j)) / 2.0;
            }
        }

        error = drawn > 0 ? wrong / drawn : null;

        // A hair of rounding must not leave out an environment that has just the size.
        return squares > 0 && sum * sum / squares >= options.LeastEffectiveSize * (1 - 1e-9);
    }
}
