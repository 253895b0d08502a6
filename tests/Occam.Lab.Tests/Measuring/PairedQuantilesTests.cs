using MathNet.Numerics.Distributions;
using Occam.Lab.Measuring;
using Occam.Measures;
using Xunit;

namespace Occam.Lab.Tests.Measuring;

/// <summary>Differences of quantiles over the same examples.</summary>
public sealed class PairedQuantilesTests
{
    private const double P = 0.05;

    [Fact]
    public void A_shift_of_all_examples_is_a_difference_without_error()
    {
        var a = Samples(1, 500);
        var comparison = Compared(a, [.. a.Select(value => value + 0.25)]);

        Assert.Equal(0.25, comparison.Difference.Value, 1e-12);
        Assert.True(comparison.Difference.StandardError < 1e-12);
    }

    [Fact]
    public void The_error_of_independent_samples_is_that_of_large_numbers()
    {
        const int Count = 4000;
        var comparison = Compared(Samples(1, Count), Samples(2, Count));

        // The variance of a sample quantile is p(1 − p)/(n f(q)²) for large n; of the difference, twice that.
        var density = Normal.PDF(0, 1, Normal.InvCDF(0, 1, P));
        var expected = Math.Sqrt(2 * P * (1 - P) / Count) / density;
        Assert.Equal(ErrorBasis.Resampled, comparison.Basis);
        Assert.InRange(comparison.Difference.StandardError / expected, 0.8, 1.25);
    }

    [Fact]
    public void A_margin_that_grew_at_every_example_is_safer_beyond_chance()
    {
        var a = Samples(1, 500);
        double[] b = [.. a.Zip(Samples(2, 500), (value, noise) => value + 1 + (0.01 * noise))];

        Assert.Equal("larger, beyond 2 s.e.: safer", Compared(a, b).Verdict);
        Assert.Equal("smaller, beyond 2 s.e.: less safe", Compared(b, a).Verdict);
        Assert.Equal("within 2 s.e.", Compared(a, Samples(3, 500)).Verdict);
    }

    [Fact]
    public void Of_few_examples_no_error_is_told() => Assert.Equal(ErrorBasis.Exact, Compared(Samples(1, 10), Samples(2, 10)).Basis);

    private static double[] Samples(int seed, int count)
    {
        SeededRandom random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }

    private static MeasureComparison Compared(double[] a, double[] b) => new(Margin(a), Margin(b));

    private static MeasureResult Margin(double[] margins) => new()
    {
        Id = "margin",
        Title = "Margin",
        Source = "a test",
        Value = MathNet.Numerics.Statistics.Statistics.QuantileCustom(margins, P, MathNet.Numerics.Statistics.QuantileDefinition.R7),
        QuantileOfExamples = P,
        PerExample = [.. margins],
    };
}
