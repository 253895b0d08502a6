using MathNet.Numerics.Statistics;
using Xunit;

namespace Occam.Tests;

public sealed class UncertainTests
{
    private static readonly double[] s_samples = [2, 4, 4, 4, 5, 5, 7, 9];

    [Fact]
    public void A_double_is_exact_and_an_estimate_is_not_whatever_its_error()
    {
        Uncertain exact = 3;
        Assert.Equal((3.0, 0.0, true), (exact.Value, exact.StandardError, exact.IsExact));
        Assert.True(default(Uncertain).IsExact);
        Assert.False(new Uncertain(3, 0.1).IsExact);
        Assert.Equal(new Uncertain(3, 0.1), Uncertain.Estimated(3, 0.1));
        Assert.False(Uncertain.Estimated(3, 0, 5).IsExact);
        Assert.False(Uncertain.WithoutError(3).IsExact);
        Assert.False(Uncertain.Estimated(3, double.NaN).IsExact);
    }

    // Σ(x − 5)² = 32, so s² = 32/7 and s/√8 = √(4/7).
    [Fact]
    public void A_mean_has_the_error_s_over_root_n()
    {
        Uncertain[] means =
        [
            Uncertain.Mean(s_samples), Uncertain.RunningMean(s_samples), Uncertain.TwoPassMean(s_samples),
            Uncertain.Mean(new RunningStatistics(s_samples)),
        ];
        Assert.All(means, mean =>
        {
            Assert.Equal(5, mean.Value, 1e-14);
            Assert.Equal(Math.Sqrt(4.0 / 7), mean.StandardError, 1e-14);
            Assert.Equal(8, mean.Samples);
            Assert.False(mean.IsExact);
        });
        var integral = Uncertain.Integral(3, s_samples);
        Assert.Equal((15.0, 8), (integral.Value, integral.Samples));
        Assert.Equal(3 * Math.Sqrt(4.0 / 7), integral.StandardError, 1e-14);
    }

    [Fact]
    public void One_sample_tells_no_error()
    {
        Assert.Equal((7.0, double.NaN, 1), (Uncertain.Mean([7]).Value, Uncertain.Mean([7]).StandardError, Uncertain.Mean([7]).Samples));
        Assert.False(Uncertain.Mean([7]).DiffersFromZero());
        Assert.Equal((7.0, 0.0, false), (
            Uncertain.RunningMean([7]).ZeroErrorOfOne().Value, Uncertain.RunningMean([7]).ZeroErrorOfOne().StandardError,
            Uncertain.RunningMean([7]).ZeroErrorOfOne().IsExact));
        Assert.Null(Uncertain.Mean([7]).Interval95);
        Assert.True(double.IsNaN(Uncertain.WithoutError(7).StandardError));
        Assert.Equal(Uncertain.Mean(s_samples), Uncertain.Mean(s_samples).ZeroErrorOfOne());
        Assert.True(double.IsNaN(Uncertain.Mean([]).Value));
    }

    [Fact]
    public void What_is_unknown_among_many_samples_stays_unknown() =>
        Assert.True(double.IsNaN(Uncertain.Mean([1, double.NaN, 2]).ZeroErrorOfOne().StandardError));

    [Fact]
    public void Equal_samples_are_exact_where_their_error_is_rounding()
    {
        double[] same = [0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2];
        Assert.True(Uncertain.Mean(same).StandardError > 0);
        Assert.Equal(Uncertain.Exact(same.Average()), Uncertain.Mean(same).ExactWhereRounding());
        Assert.Equal(Uncertain.Mean(s_samples), Uncertain.Mean(s_samples).ExactWhereRounding());
        Assert.True(double.IsNaN(Uncertain.Mean([7]).ExactWhereRounding().StandardError));
    }

    [Fact]
    public void Independent_errors_add_in_squares()
    {
        Uncertain x = new(8, 0.3, 10), y = new(2, 0.4, 6);
        Assert.Equal((10.0, 0.5, 6), ((x + y).Value, (x + y).StandardError, (x + y).Samples));
        Assert.Equal((6.0, 0.5), ((x - y).Value, (x - y).StandardError));
        Assert.Equal((6.0, 0.5), (Uncertain.DifferenceByPowers(x, y).Value, Uncertain.DifferenceByPowers(x, y).StandardError));
        Assert.Equal((-16.0, 0.6), ((x * -2).Value, (x * -2).StandardError));

        // Relative errors of a ratio add in squares: (0.3/8)² + (0.4/2)².
        Assert.Equal(4, (x / y).Value);
        Assert.Equal(4 * double.Hypot(0.3 / 8, 0.4 / 2), (x / y).StandardError, 1e-14);
        Assert.Equal((8.5, 0.3), ((x + 0.5).Value, (x + 0.5).StandardError));
        Assert.Equal((4.0, 0.15), ((x / 2).Value, (x / 2).StandardError));
        Assert.True((Uncertain.Exact(1) + 2).IsExact);
        Assert.False((Uncertain.WithoutError(1) - 2).IsExact);
        Assert.True(double.IsNaN((x - Uncertain.Mean([1])).StandardError));

        // ln has the slope 1/x.
        Assert.Equal(0.3 / 8, x.Through(Math.Log(8), 1.0 / 8).StandardError, 1e-15);
        Assert.True(x.DiffersFromZero(26));
        Assert.False(x.DiffersFromZero(27));
    }

    // Quantiles of Student's distribution from the tables: 2.365 for 7 degrees of freedom, 2.262 for 9.
    [Fact]
    public void An_interval_is_wider_the_fewer_the_samples()
    {
        var interval = Uncertain.Mean(s_samples).Interval95!;
        Assert.Equal(2.365 * Math.Sqrt(4.0 / 7), (interval.High - interval.Low) / 2, 1e-3);
        Assert.Equal(5, (interval.High + interval.Low) / 2, 1e-12);
        Assert.Equal(1.95996, Uncertain.Estimated(0, 1).Interval95!.High, 1e-5);
        Assert.Equal(2.262, new Uncertain(0, 1, 10).Interval95!.High, 1e-3);
        Assert.Null(Uncertain.Exact(3).Interval95);
        Assert.Null(Uncertain.WithoutError(3).Interval95);

        // Of equal errors with 9 degrees each, 18; of one with 9 and one that is much smaller, about 9.
        Uncertain x = new(1, 0.1, 10), y = new(1, 0.1, 10), small = new(1, 1e-6, 10);
        Assert.Equal(18, (x - y).DegreesOfFreedom, 1e-9);
        Assert.Equal(9, (x + small).DegreesOfFreedom, 1e-6);
        Assert.Equal(9, (x + 1).DegreesOfFreedom);
        Assert.Equal(-2, (x * -1).Interval95!.Low + (x * -1).Interval95!.High, 1e-12);
    }

    [Fact]
    public void An_iterated_number_carries_its_residual_and_a_bound_its_side()
    {
        var iterated = Uncertain.Iterated(10, 0.2);
        Assert.Equal((false, 0.2), (iterated.IsExact, iterated.Residual));
        Assert.True(double.IsNaN(iterated.StandardError));
        Assert.Equal(0.6, (iterated * -3).Residual!.Value, 1e-15);
        Assert.Equal(0.3, (iterated - Uncertain.Iterated(1, 0.1)).Residual!.Value, 1e-15);
        Assert.Equal(0.1, (iterated / 2).Residual!.Value, 1e-15);
        Assert.Equal(BoundSide.Lower, (Uncertain.LowerBound(2) * 2).Side);
        Assert.Null((Uncertain.LowerBound(2) * -2).Side);
        Assert.Null((Uncertain.LowerBound(2) - 1).Side);
    }

    [Fact]
    public void What_two_share_drops_out_of_a_paired_difference()
    {
        double[] b = [.. s_samples.Select((x, i) => x + (i % 2))];
        var paired = Uncertain.PairedDifference(b, s_samples);

        // Half the differences are 1 and half 0: s² = 8·¼/7.
        Assert.Equal(0.5, paired.Value);
        Assert.Equal(Math.Sqrt(2.0 / 7 / 8), paired.StandardError, 1e-15);
        Assert.True(paired.StandardError < (Uncertain.Mean(b) - Uncertain.Mean(s_samples)).StandardError / 3);
        Assert.Throws<ArgumentException>(() => Uncertain.PairedDifference([1, 2], [1]));
    }

    [Fact]
    public void The_errors_are_the_spread_over_repetitions()
    {
        // Two independent estimates, of 40 and 25 normal samples with means 3 and 2 and deviations 1 and 0.5, two thousand times.
        SeededRandom random = new(5);
        Uncertain Drawn(int count, double mean, double deviation) =>
            Uncertain.Mean([.. Enumerable.Range(0, count).Select(_ => mean + (deviation * random.NextGaussian()))]);
        var pairs = Enumerable.Range(0, 2000).Select(_ => (X: Drawn(40, 3, 1), Y: Drawn(25, 2, 0.5))).ToArray();
        void AssertHonest(Func<Uncertain, Uncertain, Uncertain> of)
        {
            Uncertain[] found = [.. pairs.Select(pair => of(pair.X, pair.Y))];
            var spread = found.Select(each => each.Value).StandardDeviation();
            Assert.InRange(Math.Sqrt(found.Average(each => each.StandardError * each.StandardError)), 0.94 * spread, 1.06 * spread);
        }

        AssertHonest((x, _) => x);
        AssertHonest((x, y) => x + y);
        AssertHonest((x, y) => x - y);
        AssertHonest((x, y) => x / y);
        AssertHonest((x, _) => x * -3);
        AssertHonest((x, _) => x.Through(Math.Exp(x.Value), Math.Exp(x.Value)));
    }

    [Fact]
    public void The_error_of_a_mean_over_examples_is_that_of_the_estimation()
    {
        // Examples far apart, each estimated from four samples of deviation 1: √(n/4)/n, whatever the examples are.
        SeededRandom random = new(6);
        double[] Example(int i, int each) => [.. Enumerable.Range(0, each).Select(_ => (10.0 * i) + random.NextGaussian())];
        double[][] Drawn(int each) => [.. Enumerable.Range(0, 50).Select(i => Example(i, each))];
        var repeated = Enumerable.Range(0, 400).Select(_ => Uncertain.MeanOverExamples(Drawn(4))).ToArray();
        Assert.All(repeated, mean => Assert.Equal(200, mean.Samples));
        Assert.Equal(Math.Sqrt(50 / 4.0) / 50, repeated.Average(mean => mean.StandardError), 2e-3);
        Assert.InRange(repeated.Select(mean => mean.Value).StandardDeviation(), 0.065, 0.077);

        // With one the two can't be told apart: s/√n of the examples' estimates.
        var single = Drawn(1);
        var all = Uncertain.Mean([.. single.Select(sample => sample[0])]);
        Assert.Equal(all.StandardError, Uncertain.MeanOverExamples(single).StandardError, 1e-12);
    }
}
