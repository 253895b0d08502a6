using Occam.Derivatives;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

public sealed class OrthonormalFrameTests
{
    // 40 dimensions and 10 vectors are factorized by Cholesky, 11 by QR.
    [Theory]
    [InlineData(40, 10, ScalarType.Float64, 1e-12)]
    [InlineData(40, 11, ScalarType.Float64, 1e-12)]
    [InlineData(7, 7, ScalarType.Float64, 1e-12)]
    [InlineData(40, 10, ScalarType.Float32, 1e-5)]
    [InlineData(40, 10, ScalarType.BFloat16, 0.05)]
    public void Its_vectors_are_those_of_a_QR_decomposition_of_the_same_numbers(int n, int count, ScalarType type, double rounding)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(5), again = new(5);
        var frame = OrthonormalFrame.Of(n, count, Tensor.Zeros([1], type), generator);
        var (q, r) = Tensor.Randn([n, count], again).To(ScalarType.Float64).OrthogonalAndTriangular();
        var v = frame.Directions().To(ScalarType.Float64);
        AssertEqual((q * r.Diagonal().Sign()).T(), v, rounding);
        AssertEqual(Tensor.Eye(count, ScalarType.Float64), v.MatMul(v.T()), rounding);
        var rows = Tensor.Randn([3, n], again);
        AssertEqual(rows.To(ScalarType.Float64).MatMul(v.T()), frame.Along(rows.To(type)).To(ScalarType.Float64), 10 * rounding);
    }

    private static void AssertEqual(Tensor expected, Tensor actual, double rounding)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Abs().AMax([0, 1]).Item(), 0, rounding);
    }
}
