using System.Collections.Immutable;
using MathNet.Numerics.Statistics;

namespace Occam.Lab.Ranking;

/// <summary>
/// Percentile intervals by drawing the runs again with replacement (Efron 1979). A run drawn twice counts twice and makes
/// no pair with itself, for a tie that only the drawing made would pull every rank statistic towards 0.
/// </summary>
internal static class Bootstrap
{
    /// <summary>The intervals of several statistics from the same draws.</summary>
    /// <param name="runs">How many runs there are.</param>
    /// <param name="statistics">The statistics by how often each run counts; null where one isn't defined.</param>
    /// <param name="options">The number of resamples, confidence and seed.</param>
    /// <returns>An interval for each statistic; null where fewer than half of the resamples define it.</returns>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static ImmutableArray<Interval?> Intervals(int runs, Func<double[], double?[]> statistics, RankingOptions options)
    {
        var draws = new double?[options.Resamples][];
        Parallel.For(0, options.Resamples, new ParallelOptions { CancellationToken = options.Cancellation }, draw =>
        {
            // A stream each: the same numbers whatever order the draws come in.
            SeededRandom random = new(options.Seed, draw);
            var counts = new double[runs];
            for (var i = 0; i < runs; i++)
            {
                counts[random.NextInt(runs)]++;
            }

            draws[draw] = statistics(counts);
        });
        var width = draws.Length > 0 ? draws[0].Length : statistics(new double[runs]).Length;
        var tail = (1 - options.Confidence) / 2;
        return
        [
            .. Enumerable.Range(0, width).Select(i =>
            {
                double[] defined = [.. draws.Select(draw => draw[i]).OfType<double>().Order()];
                return defined.Length > 0 && 2 * defined.Length >= draws.Length
                    ? new Interval(
                        Statistics.QuantileCustom(defined, tail, QuantileDefinition.R7),
                        Statistics.QuantileCustom(defined, 1 - tail, QuantileDefinition.R7))
                    : null;
            }),
        ];
    }
}
