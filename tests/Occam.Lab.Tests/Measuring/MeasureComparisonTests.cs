using Occam.Lab.Measuring;
using Occam.Measures;
using Xunit;

namespace Occam.Lab.Tests.Measuring;

public sealed class MeasureComparisonTests
{
    private static readonly MeasureResult s_blank = new() { Id = "m", Title = "M", Source = "a test" };

    [Fact]
    public void Means_over_the_same_examples_are_paired()
    {
        MeasureComparison comparison = new(Mean(1, 2, 3, 6), Mean(2, 3, 5, 6));

        // Differences 1, 1, 2, 0.
        Assert.Equal((ErrorBasis.Paired, 1.0), (comparison.Basis, comparison.Difference.Value));
        Assert.Equal(Math.Sqrt(2.0 / 3 / 4), comparison.Difference.StandardError, 1e-15);
        Assert.Equal(4.0 / 3, comparison.Ratio);
        Assert.True(comparison.Exceeds);
        Assert.Equal("larger, beyond 2 s.e.", comparison.Verdict);
    }

    [Fact]
    public void What_is_no_mean_of_its_examples_is_not_paired_even_where_it_equals_it()
    {
        var margins = s_blank with { Value = 2, PerExample = [2, 2, 2] };
        MeasureComparison comparison = new(margins, margins with { Value = 3, PerExample = [3, 3, 3] });
        Assert.Equal(ErrorBasis.Exact, comparison.Basis);
        Assert.Equal((Uncertain.Exact(1), "larger, exact"), (comparison.Difference, comparison.Verdict));
    }

    [Fact]
    public void Means_over_other_examples_or_of_one_or_infinite_are_not_paired()
    {
        Assert.Equal(ErrorBasis.Exact, new MeasureComparison(Mean(1, 2), Mean(1, 2, 3)).Basis);
        Assert.Equal(ErrorBasis.Exact, new MeasureComparison(Mean(1), Mean(2)).Basis);
        MeasureComparison infinite = new(Mean(1, 2), Mean(1, double.PositiveInfinity));
        Assert.Equal((ErrorBasis.Exact, "", 0.0), (infinite.Basis, infinite.Verdict, infinite.Difference.StandardError));
    }

    [Fact]
    public void Errors_of_independent_estimates_are_combined()
    {
        MeasureComparison comparison = new(s_blank with { Quantity = new(1, 0.3) }, s_blank with { Quantity = new(1.9, 0.4) });
        Assert.Equal(ErrorBasis.StandardErrors, comparison.Basis);
        Assert.Equal((0.5, "within 2 s.e."), (comparison.Difference.StandardError, comparison.Verdict));
    }

    [Fact]
    public void Iterated_values_are_held_against_their_residuals_and_bounds_against_nothing()
    {
        var one = s_blank with { Quantity = Uncertain.Iterated(1, 0.1) };
        MeasureComparison beyond = new(one, s_blank with { Quantity = Uncertain.Iterated(1.5, 0.2) });
        Assert.Equal((ErrorBasis.Residuals, true, "larger, beyond the residuals"), (beyond.Basis, beyond.Exceeds, beyond.Verdict));
        Assert.Equal(0.3, beyond.Difference.Residual!.Value, 1e-15);
        MeasureComparison within = new(one, s_blank with { Value = 0.95 });
        Assert.Equal((ErrorBasis.Residuals, false, "within the residuals"), (within.Basis, within.Exceeds, within.Verdict));

        MeasureComparison unknown = new(s_blank with { Value = 1 }, s_blank with { Quantity = Uncertain.LowerBound(2) });
        Assert.Equal((ErrorBasis.Unknown, false, "larger, error unknown"), (unknown.Basis, unknown.Exceeds, unknown.Verdict));
    }

    [Fact]
    public void Without_a_value_there_is_no_difference()
    {
        MeasureComparison comparison = new(s_blank with { NotApplicable = "needs data" }, s_blank with { Quantity = new(1, 0.3) });
        Assert.True(double.IsNaN(comparison.Difference.Value));
        Assert.Equal((false, "", "for A: needs data"), (comparison.Exceeds, comparison.Verdict, comparison.NotApplicable));
        Assert.Equal(0.3, comparison.Difference.StandardError);
    }

    private static MeasureResult Mean(params double[] perExample) => s_blank.WithMean(SampledMean.Exact(perExample));
}
