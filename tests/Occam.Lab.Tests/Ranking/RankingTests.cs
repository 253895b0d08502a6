using System.Collections.Immutable;
using Occam.Lab.Ranking;
using Xunit;

namespace Occam.Lab.Tests.Ranking;

public sealed class RankingTests
{
    private static readonly RankingOptions s_options = new() { TestExamples = 500, LeastEffectiveSize = 1, Resamples = 0 };

    [Fact]
    public void Kendall_s_tau_is_the_mean_sign_over_ordered_pairs()
    {
        foreach (var sample in Samples())
        {
            var (sum, pairs) = (0.0, 0);
            for (var i = 0; i < sample.Count; i++)
            {
                for (var j = 0; j < sample.Count; j++)
                {
                    if (i != j)
                    {
                        sum += Math.Sign(sample.Measure[i] - sample.Measure[j]) * Math.Sign(sample.Gap[i] - sample.Gap[j]);
                        pairs++;
                    }
                }
            }

            Assert.Equal(sum / pairs, KendallTau.Compute(sample)!.Value, 1e-12);
        }
    }

    [Fact]
    public void Without_ties_tau_counts_inversions()
    {
        var sample = Table([["a"], ["b"], ["c"], ["d"]], [1, 2, 4, 3], [1, 2, 3, 4]);
        Assert.Equal((5 - 1) / 6.0, KendallTau.Compute(sample)!.Value, 1e-15);
    }

    [Fact]
    public void The_granulated_coefficient_is_the_mean_over_settings_of_the_others()
    {
        foreach (var sample in Samples())
        {
            var parts = new List<double>();
            for (var axis = 0; axis < 3; axis++)
            {
                var taus = new List<double>();

                // All values of the other two, whether there are runs or not.
                int[] others = [.. Enumerable.Range(0, 3).Where(i => i != axis)];
                foreach (var first in sample.Codes[others[0]].Distinct())
                {
                    foreach (var second in sample.Codes[others[1]].Distinct())
                    {
                        int[] runs = [.. Enumerable
                            .Range(0, sample.Count)
                            .Where(run => sample.Codes[others[0]][run] == first && sample.Codes[others[1]][run] == second)];
                        var signs = from i in runs
                                    from j in runs
                                    where sample.Codes[axis][i] != sample.Codes[axis][j]
                                    select (double)(Math.Sign(
                                        sample.Measure[i] - sample.Measure[j]) * Math.Sign(sample.Gap[i] - sample.Gap[j]));
                        if (signs.Any())
                        {
                            taus.Add(signs.Average());
                        }
                    }
                }

                parts.Add(taus.Average());
            }

            var granulated = GranulatedTau.Compute(sample);
            Assert.Equal(parts, granulated.Parts.Select(part => part.Value!.Value), (a, b) => Math.Abs(a - b) < 1e-12);
            Assert.Equal(parts.Average(), granulated.Mean!.Value, 1e-12);
        }
    }

    [Fact]
    public void Conditional_information_is_that_of_the_joint_frequencies()
    {
        foreach (var sample in Samples())
        {
            var all = new List<double>();
            foreach (int[] set in new int[][] { [], [0], [1], [2], [0, 1], [0, 2], [1, 2] })
            {
                var pairs = (from i in Enumerable.Range(0, sample.Count)
                             from j in Enumerable.Range(0, sample.Count)
                             where i != j
                             select (
                                 U: string.Join(';', set.Select(axis => $"{sample.Codes[axis][i]}>{sample.Codes[axis][j]}")),
                                 M: Math.Sign(sample.Measure[i] - sample.Measure[j]),
                                 G: Math.Sign(sample.Gap[i] - sample.Gap[j]))).ToArray();
                double Entropy<T>(Func<(string U, int M, int G), T> of) =>
                    -pairs.GroupBy(of).Select(group => group.Count() / (double)pairs.Length).Sum(p => p * Math.Log(p));

                // I(M, G | U) = H(M, U) + H(G, U) − H(M, G, U) − H(U), H(G | U) = H(G, U) − H(U).
                var information =
                    Entropy(pair => (pair.M, pair.U)) + Entropy(pair => (pair.G, pair.U)) - Entropy(pair => pair) - Entropy(pair => pair.U);
                var entropy = Entropy(pair => (pair.G, pair.U)) - Entropy(pair => pair.U);
                if (entropy > 1e-12)
                {
                    all.Add(information / entropy);
                }
            }

            var result = ConditionalInformation.Compute(sample);
            Assert.Equal(all.Min(), result.Value!.Value, 1e-9);
            Assert.Equal(7, result.BySet.Length);
        }
    }

    [Fact]
    public void The_sign_error_is_the_weighted_error_of_each_pair_of_neighbouring_settings()
    {
        foreach (var sample in Samples())
        {
            foreach (var least in new[] { 1.0, 2.5 })
            {
                var errors = new List<double>();
                string Setting(int run) => string.Join('/', sample.Codes.Select(codes => codes[run]));
                var settings = Enumerable.Range(0, sample.Count).Select(Setting).Distinct().ToArray();
                foreach (var a in settings)
                {
                    foreach (var b in settings.Where(b => string.CompareOrdinal(a, b) < 0
                        && a.Split('/').Zip(b.Split('/')).Count(pair => pair.First != pair.Second) == 1))
                    {
                        var (sum, squares, wrong) = (0.0, 0.0, 0.0);
                        foreach (var i in Enumerable.Range(0, sample.Count).Where(run => Setting(run) == a))
                        {
                            foreach (var j in Enumerable.Range(0, sample.Count).Where(run => Setting(run) == b))
                            {
                                var half = Math.Abs(sample.Gap[i] - sample.Gap[j]) / 2;
                                var w = Math.Pow(Math.Max(0, 1 - (2 * Math.Exp(-2 * 500 * half * half))), 2);
                                w = w > 0.5 ? w - 0.5 : 0;
                                sum += w;
                                squares += w * w;
                                var order = Math.Sign(sample.Measure[i] - sample.Measure[j]) * Math.Sign(sample.Gap[i] - sample.Gap[j]);
                                wrong += w * (order < 0 ? 1 : order > 0 ? 0 : 0.5);
                            }
                        }

                        if (squares > 0 && sum * sum / squares >= least)
                        {
                            errors.Add(wrong / sum);
                        }
                    }
                }

                var result = SignError.Compute(sample, s_options with { LeastEffectiveSize = least });
                Assert.Equal(errors.Count, result.Environments);
                if (errors.Count == 0)
                {
                    // Without repetitions an environment has an effective size of 1.
                    Assert.Equal(2.5, least);
                    Assert.Null(result.Mean);
                    continue;
                }

                Assert.Equal(errors.Average(), result.Mean!.Value, 1e-12);
                Assert.Equal(errors.Max(), result.Maximum!.Value, 1e-12);
                double[] sorted = [.. errors.Order()];
                var place = 0.9 * (sorted.Length - 1);
                var below = (int)Math.Floor(place);
                var expected = sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
                Assert.Equal(expected, result.Percentile90!.Value, 1e-12);
            }
        }
    }

    [Fact]
    public void A_measure_that_orders_as_the_gap_does_is_perfect()
    {
        var gap = Samples().First().Gap;
        var sample = Samples().First() with { Measure = [.. gap.Select(value => Math.Exp(3 * value))] };
        Assert.Equal(1, KendallTau.Compute(sample)!.Value, 1e-12);
        Assert.Equal(1, GranulatedTau.Compute(sample).Mean!.Value, 1e-12);
        Assert.Equal(1, ConditionalInformation.Compute(sample).Value!.Value, 1e-9);
        Assert.Equal(0, SignError.Compute(sample, s_options).Maximum);
        var reversed = sample with { Measure = [.. gap.Select(value => -value)] };
        Assert.Equal(-1, GranulatedTau.Compute(reversed).Mean!.Value, 1e-12);
        Assert.Equal(1, ConditionalInformation.Compute(reversed).Value!.Value, 1e-9);
        Assert.Equal(1, SignError.Compute(reversed, s_options).Mean!.Value, 1e-12);
    }

    [Fact]
    public void A_measure_that_only_follows_a_hyperparameter_tells_nothing_given_it()
    {
        // The gap follows the first hyperparameter, and the measure knows nothing else.
        var sample = Samples().First();
        sample = sample with
        {
            Gap = [.. sample.Gap.Select((gap, run) => gap + (10 * sample.Codes[0][run]))],
            Measure = [.. sample.Codes[0].Select(code => (double)code)],
        };
        Assert.True(KendallTau.Compute(sample) > 0.4);
        var granulated = GranulatedTau.Compute(sample);
        Assert.Equal([1, 0, 0], granulated.Parts.Select(part => part.Value!.Value));
        var information = ConditionalInformation.Compute(sample);
        Assert.Equal(0, information.Value!.Value, 1e-12);
        Assert.Contains("depth", information.Conditions);
    }

    [Fact]
    public void Gaps_that_chance_explains_weigh_nothing()
    {
        Assert.Equal(0, SignError.PairWeight(0.001, 10_000));
        Assert.Equal(0.5, SignError.PairWeight(0.5, 10_000), 1e-9);
        var sample = Samples().First();
        var quiet = sample with { Gap = [.. sample.Gap.Select(gap => gap * 1e-6)] };
        var result = SignError.Compute(quiet, s_options);
        Assert.Null(result.Mean);
        Assert.Equal(0, result.Environments);
        Assert.True(result.LeftOut > 0);
        Assert.NotNull(SignError.Compute(quiet, s_options with { TestExamples = null }).Mean);
    }

    [Fact]
    public void Tables_of_one_run_or_none_have_no_statistics_and_no_failure()
    {
        foreach (var count in new[] { 0, 1 })
        {
            var table = new RunTable(["width"], [.. Enumerable.Range(0, count).Select(_ => Row(["8"], 1, 2))]);
            var ranking = MeasureRanking.Compute(table, "m", new RankingOptions { Resamples = 20 });
            Assert.Null(ranking.Tau.Value);
            Assert.Null(ranking.Granulated.Value);
            Assert.Null(ranking.Information.Value);
            Assert.Null(ranking.SignErrorMaximum.Value);
            Assert.Null(ranking.Tau.Interval);
        }
    }

    [Fact]
    public void Runs_without_a_finite_value_are_counted_and_left_out()
    {
        var table = new RunTable(["width"], [
            Row(["8"], 1, 2), Row(["16"], double.NaN, 3), Row(["32"], 4, 5),
            new RunRow(["64"], ImmutableDictionary<string, double>.Empty, 1),
        ]);
        var ranking = MeasureRanking.Compute(table, "m", new RankingOptions { Resamples = 0 });
        Assert.Equal((2, 2), (ranking.Runs, ranking.LeftOut));
        Assert.Equal(1, ranking.Tau.Value);
        Assert.Null(ranking.Tau.Interval);
    }

    [Fact]
    public void Rows_that_don_t_fit_are_refused()
    {
        Assert.Contains("run 1", Assert.Throws<OccamException>(() => new RunTable(["a", "b"], [Row(["1"], 1, 1)])).Message);
        Assert.Contains(
            "leave out runs that failed", Assert.Throws<OccamException>(() => new RunTable(["a"], [Row(["1"], 1, double.NaN)])).Message);
    }

    [Fact]
    public void Weights_that_count_runs_are_the_same_as_runs_repeated_but_for_pairs_with_oneself()
    {
        var sample = Table([["a"], ["b"], ["c"]], [1, 3, 2], [1, 2, 3]);

        // Pairs (a, b) 2·1, (a, c) 2·3, (b, c) 1·3: the first two agree.
        Assert.Equal((2 + 6 - 3) / 11.0, KendallTau.Compute(sample, [2, 1, 3])!.Value, 1e-12);
    }

    [Fact]
    public void Intervals_hold_the_truth_about_as_often_as_they_say()
    {
        // Pairs of normal numbers of correlation ½: τ is 1/3 (Greiner's relation).
        var inside = 0;
        const int Tables = 60;
        for (var table = 0; table < Tables; table++)
        {
            SeededRandom random = new(5, table);
            var rows = Enumerable.Range(0, 40).Select(i =>
            {
                var x = random.NextGaussian();
                return Row([$"{i}"], x, (0.5 * x) + (Math.Sqrt(0.75) * random.NextGaussian()));
            });
            var sample = new RunTable(["run"], [.. rows]).For("m");
            var interval = Bootstrap.Intervals(
                sample.Count, weights => [KendallTau.Compute(sample, weights)],
                new RankingOptions { Resamples = 200, Confidence = 0.9, Seed = table })[0]!;
            inside += interval.Low <= 1 / 3.0 && 1 / 3.0 <= interval.High ? 1 : 0;
        }

        // 54 of 60 are expected, with a standard deviation of 2.3.
        Assert.InRange(inside, 45, 60);
    }

    /// <summary>Six runs of each of two seeds: the measure tells the seeds apart, and within the second goes against the gap.</summary>
    [Fact]
    public void Whether_an_order_survives_another_seed_is_asked_where_seeds_are_known()
    {
        var table = new RunTable(["width"], [
            .. from seed in new[] { 0, 1 }
               from i in Enumerable.Range(0, 6)
               select Row(["8"], seed == 0 ? i : 20 - i, i + (10 * seed)) with { Seed = $"{seed}" },
        ]);

        var robustness = Robustness.Compute(table, "m");

        Assert.Equal([("seed", "0", 6, 1.0), ("seed", "1", 6, -1.0)], robustness.Parts.Select(
            part => (part.Hyperparameter, part.Setting, part.Runs, part.Tau)));
        Assert.Equal((1, 1), (robustness.Whole, robustness.Kept));
        Assert.False(robustness.IsKept);
        Assert.Empty(Robustness.Compute(new RunTable(["width"], [.. table.Rows.Select(row => row with { Seed = null })]), "m").Parts);
    }

    [Fact]
    public void The_same_seed_gives_the_same_intervals()
    {
        var rows = Samples().First();
        var table = new RunTable(rows.Hyperparameters, [.. Enumerable
            .Range(0, rows.Count)
            .Select(i => Row([.. rows.Codes.Select(codes => $"{codes[i]}")], rows.Measure[i], rows.Gap[i]))]);
        var options = s_options with { Resamples = 50, Seed = 3 };
        var (first, second) = (MeasureRanking.All(table, options)[0], MeasureRanking.All(table, options)[0]);
        Assert.Equal(first.Tau, second.Tau);
        Assert.Equal(first.Information, second.Information);
        Assert.Equal(first.SignErrorMean, second.SignErrorMean);
        Assert.NotNull(first.Tau.Interval);
        Assert.InRange(first.Granulated.Value!.Value, first.Granulated.Interval!.Low, first.Granulated.Interval.High);
        Assert.Equal(["depth", "width", "rate"], first.GranulatedParts.Select(part => part.Key));
    }

    /// <summary>Tables of three hyperparameters: a full grid, one with repetitions and ties, one with gaps in the grid.</summary>
    private static IEnumerable<RankingSample> Samples()
    {
        SeededRandom random = new(42);
        string[][] grid = [.. from a in Enumerable.Range(0, 3)
            from b in Enumerable.Range(0, 2) from c in Enumerable.Range(0, 2) select new[] { $"{a}", $"{b}", $"{c}" }];
        double Gap(string[] setting) => (0.2 * int.Parse(setting[0])) + (0.3 * random.NextGaussian());
        double[] gaps = [.. grid.Select(Gap)];
        yield return Table(grid, [.. gaps.Select(gap => gap + (0.3 * random.NextGaussian()))], gaps);
        string[][] repeated = [.. grid, .. grid];
        gaps = [.. repeated.Select(Gap)];
        yield return Table(
            repeated, [.. gaps.Select(gap => Math.Round(gap + (0.3 * random.NextGaussian()), 1))],
            [.. gaps.Select(gap => Math.Round(gap, 1))]);
        string[][] sparse = [.. repeated.Where((_, i) => i % 5 != 0)];
        gaps = [.. sparse.Select(Gap)];
        yield return Table(sparse, [.. gaps.Select(gap => gap - (0.5 * random.NextGaussian()))], gaps);
    }

    private static RankingSample Table(string[][] settings, double[] measure, double[] gap) =>
        new RunTable(
            [.. new[] { "depth", "width", "rate" }.Take(settings[0].Length)],
            [.. settings.Select((setting, i) => Row(setting, measure[i], gap[i]))]).For("m");

    private static RunRow Row(string[] setting, double measure, double gap) =>
        new([.. setting], ImmutableDictionary<string, double>.Empty.Add("m", measure), gap);
}
