using Occam.Lab.Significance;
using Xunit;

namespace Occam.Lab.Tests.Significance;

public sealed class StudentEstimateTests
{
    [Fact]
    public void The_difference_of_two_means_is_Welchs_test()
    {
        // By hand: means 2 and 5, variances 1 and 16/3 over 3 and 4 samples; SE² = 1/3 + 4/3, df = (5/3)² / ((1/9)/2 + (16/9)/3).
        var difference = StudentEstimate.Contrast([(-1, [1, 2, 3]), (1, [2, 5, 6, 7])]);

        Assert.Equal(3, difference.Value, 12);
        Assert.Equal(Math.Sqrt(1 / 3.0 + (14 / 3.0 / 4)), difference.StandardError, 12);
        var (low, high) = (1 / 3.0, 14 / 3.0 / 4);
        Assert.Equal(Math.Pow(low + high, 2) / ((low * low / 2) + (high * high / 3)), difference.DegreesOfFreedom, 12);
    }

    [Fact]
    public void A_mean_has_the_tabled_quantiles_of_Student()
    {
        // t(0.975; 2) = 4.302653; s = 1, n = 3.
        var (lower, upper) = StudentEstimate.Mean([1, 2, 3]).Interval();

        Assert.Equal(2 - (4.302652729 / Math.Sqrt(3)), lower, 7);
        Assert.Equal(2 + (4.302652729 / Math.Sqrt(3)), upper, 7);
        // With two degrees of freedom P(T > t) = ½ − t/(2√(2 + t²)); here t = 2√3.
        Assert.Equal(0.5 - (2 * Math.Sqrt(3) / (2 * Math.Sqrt(14))), StudentEstimate.Mean([1, 2, 3]).IsAbove(0), 9);
        Assert.Equal(0.5 + (2 * Math.Sqrt(3) / (2 * Math.Sqrt(14))), StudentEstimate.Mean([1, 2, 3]).IsBelow(0), 9);
    }

    [Fact]
    public void Without_an_error_what_is_equal_says_nothing_and_what_differs_is_certain()
    {
        var same = StudentEstimate.Mean([2, 2, 2]);

        Assert.Equal((0, 1), (same.IsAbove(1), same.IsBelow(1)));
        Assert.Equal((1, 1), (same.IsAbove(2), same.IsBelow(2)));
        Assert.Equal((1, 1), (StudentEstimate.Mean([2]).IsAbove(0), StudentEstimate.Mean([2]).IsBelow(9)));
    }
}
