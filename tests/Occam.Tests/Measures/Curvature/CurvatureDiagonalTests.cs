using Occam.Measures.Curvature;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Curvature.DenseCurvature;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Curvature;

public sealed class CurvatureDiagonalTests
{
    [Theory]
    [InlineData(CurvatureMatrix.Hessian)]
    [InlineData(CurvatureMatrix.GaussNewton)]
    public void It_is_the_dense_matrixs_exactly_or_within_its_error(CurvatureMatrix of)
    {
        var (network, data) = (Perceptron("tanh", 3, 4, 3), Gaussian(20, 3, 3));
        var dense = new DenseCurvature(network, data);
        var A = of == CurvatureMatrix.Hessian ? dense.Hessian() : dense.Projected((_, z) => OfCrossEntropy(z));
        var diagonal = Enumerable.Range(0, dense.Size).Select(i => A[i, i]).ToArray();
        var share = diagonal.Sum(one => one * one) / SquaredNorm(A);

        var exact = Measure(new CurvatureDiagonal(of, 1000), network, data);
        Assert.True(exact.Exact);
        AssertClose(share, exact.Value, 1e-7);
        AssertClose(diagonal.Sum(), exact.Detail("trace"), 1e-7);
        AssertClose(diagonal[..12].Average(), exact.Layers[0].Value, 1e-6);

        var estimate = Measure(new CurvatureDiagonal(of, 25), network, data, Seeded);
        Assert.False(estimate.Exact);
        Assert.InRange(Math.Abs(estimate.Value!.Value - share), 0, 4 * estimate.StandardError);
        Assert.InRange(Math.Abs(estimate.Layers[0].Value - diagonal[..12].Average()), 0, 4 * estimate.Layers[0].StandardError);
    }

    [Fact]
    public void A_diagonal_matrix_is_all_diagonal_whatever_the_signs()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        double[] diagonal = [.. Enumerable.Range(1, 50).Select(i => (double)i)];
        var A = Tensor.Eye(50, ScalarType.Float64) * Tensor.FromArray(diagonal, 50);
        var found = DiagonalEstimate.Of(new DenseMatrix(A), Tensor.Zeros([50], ScalarType.Float64), 5, generator);
        AssertClose(1, found.Share.Value, 1e-12);
        AssertClose(diagonal.Sum(one => one * one), found.OnDiagonal, 1e-12);
        Assert.Equal(diagonal, found.Diagonals[0].ToArray<double>());
    }
}
