using Occam.Derivatives;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>Squared norms of what float32 holds, and its square doesn't: neither infinite nor zero.</summary>
public sealed class SumOfSquaresTests : IDisposable
{
    private readonly DisposeScope _scope = Libtorch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1e-25f)]
    [InlineData(3e-20f)]
    [InlineData(1f)]
    [InlineData(3e25f)]
    [InlineData(3e38f)]
    public void Of_a_tensor_and_of_each_example(float size)
    {
        float[] numbers = [size, -size, 0, size];
        var tensor = Tensor.FromArray<float>(numbers, 2, 2);

        Assert.Equal(1, SumOfSquares.Of(tensor) / (3.0 * size * size), 6);
        Assert.All(
            SumOfSquares.ByExample(tensor).Zip([2.0, 1.0]), pair => Assert.Equal(1, pair.First / (pair.Second * size * size), 6));
    }

    // f(x) = w x, and the same by a convolution, which is no chain of dense layers: ‖J‖² = 6 w² by each example.
    [Theory]
    [InlineData(1e-25f, false)]
    [InlineData(1e-25f, true)]
    [InlineData(2e30f, false)]
    [InlineData(2e30f, true)]
    public void Of_a_jacobian_exact_and_estimated(float size, bool isConvolution)
    {
        var weight = Tensor.FromArray<float>([.. Enumerable.Repeat(size, 6)], 2, 3);
        var graph = isConvolution
            ? TestGraphs.Graph(
                [null, 3, 1],
                [TestGraphs.Node("Conv", ["x", "w"], ["c"]), TestGraphs.Node("Flatten", ["c"], ["y"])],
                ("w", weight.Reshape(2, 3, 1)))
            : TestGraphs.Graph([null, 3], [TestGraphs.Node("Gemm", ["x", "w"], ["y"], Attributes.Of(("transB", 1L)))], ("w", weight));
        var jacobian = new InputJacobian(new Network(graph), 3, 2);
        var x = isConvolution ? Tensor.FromArray<float>([1f, 2, 3, 4, 5, 6], 2, 3, 1) : Tensor.FromArray<float>([1f, 2, 3, 4, 5, 6], 2, 3);
        var expected = 6.0 * size * size;

        Assert.All(jacobian.SquaredNorms(x), norm => Assert.Equal(1, norm / expected, 6));
        using var generator = new Generator(1);
        var estimates = jacobian.SquaredNormEstimates(x, 2, generator);
        Assert.All([0, 1], i => Assert.Equal(1, (estimates[0][i] + estimates[1][i]) / 2 / expected, 5));
    }
}
