using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Measures.Weights;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class MeasureParameterTests
{
    [Fact]
    public void A_name_says_what_is_not_at_its_default()
    {
        Assert.Equal("group-norm", new GroupNorm().Name);
        Assert.Equal("group-norm", new GroupNorm(2, double.PositiveInfinity).Name);
        Assert.Equal("group-norm(p=inf, q=1.5)", new GroupNorm(double.PositiveInfinity, 1.5).Name);
        Assert.Equal(
            "expected-sharpness(grid=[0.001, 0.02], standard-error=0.1)",
            new ExpectedSharpness(Grid: [1e-3, 2e-2], StandardError: 0.1).Name);
        Assert.Equal("pacbayes-orig(batch=7)", new PacBayesOrigin(7).Name);
        Assert.Equal("group-norm(p=1)", Measure(new GroupNorm(1), Perceptron("relu", 3, 4, 2), Gaussian(5, 2, 3)).Name);
    }

    [Fact]
    public void Measures_of_equal_parameters_are_equal()
    {
        Assert.Equal(new ExpectedSharpness(Grid: [1e-3, 2e-2]), new ExpectedSharpness(Grid: [1e-3, 2e-2]));
        Assert.Equal(new ExpectedSharpness(Grid: [1e-3, 2e-2]).GetHashCode(), new ExpectedSharpness(Grid: [1e-3, 2e-2]).GetHashCode());
        Assert.NotEqual(new ExpectedSharpness(Grid: [1e-3]), new ExpectedSharpness(Grid: [1e-3, 2e-2]));
        Assert.NotEqual<Measure>(new PacBayesOrigin(7), new PacBayesFlatness(7));
        Assert.All(MeasureCatalogue.All.Values, measure => Assert.Equal(measure.Id, measure.Name));
    }

    [Fact]
    public void Every_parameter_has_a_default_that_can_be()
    {
        Assert.All(MeasureCatalogue.All.Values, measure => Assert.Null(measure.Problem()));
        Assert.All(MeasureCatalogue.All.Values.SelectMany(measure => measure.Parameters), parameter => Assert.True(parameter.IsDefault));
    }

    [Fact]
    public void What_measures_share_they_share_for_equal_parameters_alone()
    {
        var drawn = 0;
        var context = Context(Perceptron("relu", 3, 4, 2), Gaussian(9, 2, 3), new MeasureOptions { Progress = _ => drawn++ });
        int Drawn(Measure measure)
        {
            drawn = 0;
            measure.Measurement(context);
            return drawn;
        }

        // The losses at the weights themselves are shared by all.
        Assert.NotEqual(0, Drawn(new ExpectedSharpness(Draws: 2)));
        Assert.Equal(4, Drawn(new ExpectedSharpness(Grid: [1e-3, 1e-2], Draws: 4)));
        Assert.Equal(0, Drawn(new PacBayesCurve(Grid: [1e-3, 1e-2], Draws: 4)));
        Assert.Equal(0, Drawn(new ExpectedSharpness(Grid: [1e-2, 1e-3], Draws: 4)));
        Assert.Equal(5, Drawn(new PacBayesCurve(Grid: [1e-3, 1e-2], Draws: 5)));
        Assert.Equal(4, Drawn(new ExpectedSharpness(Grid: [1e-3, 2e-2], Draws: 4)));
        Assert.Equal(4, Drawn(new ExpectedSharpness(Alpha: 0.02, Grid: [1e-3, 1e-2], Draws: 4)));
        Assert.Equal(4, Drawn(new ExpectedSharpness(Grid: [1e-3, 1e-2], Draws: 4, Batch: 3)));
        Assert.NotEqual(0, Drawn(new PacBayesOrigin()));
        Assert.Equal(0, Drawn(new PacBayesFlatness()));
        Assert.NotEqual(0, Drawn(new PacBayesFlatness(8)));
    }
}
