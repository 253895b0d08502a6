using MathNet.Numerics.Distributions;
using Occam.Lab.Significance;
using Xunit;

namespace Occam.Lab.Tests.Significance;

public sealed class ToleranceLimitTests
{
    /// <summary>Tabled factors k: mean + k s is above nine tenths of a normal population with a confidence of 95 %.</summary>
    [Theory]
    [InlineData(3, 6.155)]
    [InlineData(5, 3.407)]
    [InlineData(10, 2.355)]
    [InlineData(20, 1.926)]
    public void The_factors_are_those_of_the_tables(int count, double factor)
    {
        var p = ToleranceLimit.UpperTail(factor * Math.Sqrt(count), count - 1, Math.Sqrt(count) * Normal.InvCDF(0, 1, 0.9));

        Assert.Equal(0.05, p, 1e-4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(400)]
    public void Without_noncentrality_it_is_Students(double freedom)
    {
        foreach (var t in new[] { -30, -1.5, 0, 0.3, 2, 8 })
        {
            Assert.Equal(1 - StudentT.CDF(0, 1, freedom, t), ToleranceLimit.UpperTail(t, freedom, 0), 1e-9);
        }
    }

    [Fact]
    public void A_bound_that_a_tenth_of_the_population_passes_is_taken_for_safe_in_one_of_twenty_samples()
    {
        var (random, safe) = (new Random(1), 0);
        const int Samples = 20_000;
        for (var i = 0; i < Samples; i++)
        {
            double[] drawn = [.. Enumerable.Range(0, 4).Select(_ => Normal.Sample(random, 0, 1))];
            safe += ToleranceLimit.PValue(drawn, Normal.InvCDF(0, 1, 0.9), 0.1) <= 0.05 ? 1 : 0;
        }

        // Of 0.05 the standard deviation is 0.0015.
        Assert.InRange(safe / (double)Samples, 0.045, 0.055);
    }

    [Fact]
    public void The_limit_is_the_bound_of_that_p_value()
    {
        double[] drawn = [0.3, 0.5, 0.4, 0.7, 0.2];

        var limit = ToleranceLimit.UpperLimit(drawn, 0.1, 0.05);

        Assert.Equal(0.05, ToleranceLimit.PValue(drawn, limit, 0.1), 1e-9);
        Assert.Equal(0.42 + (3.407 * 0.19235), limit, 1e-3);
        Assert.Equal(2, ToleranceLimit.UpperLimit([2, 2, 2], 0.1, 0.05));
        Assert.Equal(double.NaN, ToleranceLimit.UpperLimit([2], 0.1, 0.05));
    }

    [Fact]
    public void What_has_no_spread_is_certain_and_of_one_sample_nothing_is_known()
    {
        Assert.Equal(0, ToleranceLimit.PValue([1, 1, 1], 1, 0.1));
        Assert.Equal(1, ToleranceLimit.PValue([2, 2, 2], 1, 0.1));
        Assert.Equal(1, ToleranceLimit.PValue([0.5], 1, 0.1));
        Assert.Equal(1, ToleranceLimit.PValue([0.5, double.NaN, 0.4], 1, 0.1));
    }
}
