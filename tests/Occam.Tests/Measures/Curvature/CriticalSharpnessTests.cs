using Occam.Measures.Curvature;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Curvature;

public sealed class CriticalSharpnessTests
{
    [Fact]
    public void Of_a_quadratic_loss_it_is_the_curvature_along_the_gradient()
    {
        // L = 1/n Σ (x·w)², up to a constant: H = 2/n Σ x xᵀ and ∇L = Hw.
        double[] w = [0.3, -0.7, 0.02], x = [1, 2, 0.5, -1, 0.3, 2];
        var H = DenseCurvature.Matrix(3, (i, j) => x.Chunk(3).Sum(one => one[i] * one[j]));
        double[] Times(double[] v) => [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Sum(j => H[i, j] * v[j]))];
        var g = Times(w);
        var expected = g.Zip(Times(g), (left, right) => left * right).Sum() / g.Sum(one => one * one);
        var found = Measure(new CriticalSharpness(1e-6), Quadratic(w), Ones(3, x), Seeded);
        AssertClose(expected, found.Value, 2e-6);
        Assert.InRange(found.Quantity!.Value.Residual!.Value, 0, 1e-5);
        Assert.True(found.Value <= DenseCurvature.Eigenvalues(H)[0]);

        // With the tolerance that it has by default, the interval holds it.
        var rough = Measure(new CriticalSharpness(), Quadratic(w), Ones(3, x), Seeded);
        Assert.InRange(Math.Abs(rough.Value!.Value - expected), 0, rough.Quantity!.Value.Residual!.Value);
        Assert.InRange(rough.Detail("passes"), 5, 20);
    }

    [Fact]
    public void Just_beyond_the_step_the_loss_is_higher_and_just_before_it_lower()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("tanh", 4, 6, 3), Gaussian(40, 3, 4));
        var found = Measure(new CriticalSharpness(), network, data);
        var loss = ParameterLoss.Of(Context(network, data), out _)!;
        var (gradient, own) = loss.Gradient();
        double At(double step)
        {
            loss.Weights.MoveBy(gradient, -step, null);
            return loss.AtPoint();
        }

        var step = found.Detail("step");
        Assert.True(At(1.01 * step) > own);
        Assert.True(At(0.99 * step) < own);
        Assert.True(At(0.5 * step) < own);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e6)]
    public void The_search_comes_to_the_same_from_any_guess(double guess)
    {
        // t² − 2·3t: rises beyond 6.
        var found = CriticalStep.Search(t => (t * t) - (6 * t), 0, guess, 1e-4)!.Value;
        Assert.InRange(6, found.Low, found.High);
        Assert.InRange(found.High - found.Low, 0, 6.1e-4);
    }

    [Fact]
    public void Where_nothing_rises_there_is_none()
    {
        Assert.Null(CriticalStep.Search(t => -t, 0, 1, 0.01));
        Assert.Null(CriticalStep.Search(_ => double.NaN, 0, 1, 0.01));

        // With no weight that the outputs depend on there is no direction.
        var network = Graph(
            [2], [Occam.Tests.Networks.TestGraphs.Node("Mul", ["x", "w"], ["y"])], ("w", Tensor.Zeros([2], ScalarType.Float64)));
        var data = Points([2], 0, 0);
        data = Occam.Data.DataSet.FromArrays("zero", [2], new double[2], [1]);
        Assert.Contains("direction", new CriticalSharpness().Measurement(Context(network, data)).NotApplicable);
    }
}
