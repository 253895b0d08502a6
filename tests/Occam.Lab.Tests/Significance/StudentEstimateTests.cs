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

    [Fact]
    public void Equal_samples_have_no_error_although_their_mean_is_rounded()
    {
        var same = StudentEstimate.Mean([0.1, 0.1, 0.1]);

        Assert.NotEqual(0.1, new[] { 0.1, 0.1, 0.1 }.Average());
        Assert.Equal((0, 0, 1), (same.StandardError, same.IsBelow(0.2), same.IsAbove(0.2)));
    }

    [Theory]
    [InlineData(1e-120)]
    [InlineData(1e120)]
    public void The_unit_of_a_quantity_does_not_matter(double unit)
    {
        StudentEstimate Difference(double scale) =>
            StudentEstimate.Contrast([(-scale, [1, 2, 3]), (1, [2 * scale, 5 * scale, 6 * scale, 7 * scale])]);

        Assert.Equal(Difference(1).DegreesOfFreedom, Difference(unit).DegreesOfFreedom, 9);
        Assert.Equal(Difference(1).IsAbove(0), Difference(unit).IsAbove(0), 9);
    }

    [Fact]
    public void Beyond_double_precision_nothing_is_said()
    {
        var huge = StudentEstimate.Mean([1e200, 2e200, 3e200]);

        Assert.Equal((1, 1), (huge.IsAbove(0), huge.IsBelow(0)));
        Assert.True(double.IsNaN(huge.Interval().Lower));
    }
}
