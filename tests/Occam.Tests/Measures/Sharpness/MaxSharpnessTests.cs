using Occam.Data;
using Occam.Measures.Sharpness;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Sharpness;

public sealed class MaxSharpnessTests
{
    private static readonly double[] s_w = [0.8, -0.5], s_x = [1, 2, 3, 0.5, 0.3, 1.2];
    private const double B = -0.4;

    [Theory]
    [InlineData(5e-4, 1)]
    [InlineData(0.02, 3)]
    public void Of_a_linear_model_it_is_the_loss_at_a_corner_of_the_box(double alpha, int starts)
    {
        // Every example of class 1 has positive inputs: the loss grows as any weight falls.
        double Loss(Func<double, double> moved) =>
            s_x.Chunk(2).Average(x => SoftPlus(-((moved(s_w[0]) * x[0]) + (moved(s_w[1]) * x[1]) + moved(B))));
        var (loss, most) = (Loss(w => w), Loss(w => w - (alpha * (Math.Abs(w) + 1))));
        var result =
            Measure(new MaxSharpness(Alpha: alpha, Starts: starts), Affine(new[,] { { s_w[0], s_w[1] } }, B), Ones(2, s_x), Seeded);
        AssertClose((most - loss) / (1 + loss), result.Value, 1e-9);
        AssertClose(most - loss, result.Detail("increase"), 1e-9);
        AssertClose(loss, result.Detail("loss"), 1e-12);
        Assert.Equal(1, result.Detail("onFaces"));
    }

    [Fact]
    public void The_ascent_climbs_and_stays_in_the_box()
    {
        var (network, data) = (Perceptron("relu", 4, 8, 3), Gaussian(100, 3, 4));
        var small = Measure(new MaxSharpness(Steps: 300, Alpha: 1e-3), network, data, Seeded);
        var large = Measure(new MaxSharpness(Steps: 300, Alpha: 1e-1), network, data, Seeded);
        Assert.True(0 < small.Value && small.Value < large.Value);
        Assert.Equal(10, large.Details.Count(pair => pair.Key.StartsWith("trace.", StringComparison.Ordinal)));
        Assert.True(large.Detail("trace.30") < large.Detail("trace.300"));

        // No point of the box is higher by more than the steepest slope allows: ‖∇L‖₁ α (|w| + 1) to first order.
        Assert.InRange(small.Detail("onFaces"), 0.5, 1);
    }

    [Fact]
    public void Of_a_loss_that_no_weight_changes_it_is_zero()
    {
        var data = DataSet.FromArrays("zeros", [2], [0.0, 0], [1]);
        var still = Measure("max-sharpness", Quadratic(0.5, 0.5), data);
        Assert.Equal(0, still.Value);
    }
}
