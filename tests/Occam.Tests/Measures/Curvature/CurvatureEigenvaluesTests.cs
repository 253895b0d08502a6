using Occam.Measures.Curvature;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Curvature.DenseCurvature;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Curvature;

public sealed class CurvatureEigenvaluesTests
{
    [Theory]
    [InlineData(CurvatureMatrix.Hessian)]
    [InlineData(CurvatureMatrix.GaussNewton)]
    [InlineData(CurvatureMatrix.EmpiricalFisher)]
    public void They_are_the_dense_matrixs_largest_within_their_residuals(CurvatureMatrix of)
    {
        var (network, data) = (Perceptron("tanh", 4, 6, 5, 3), Gaussian(40, 3, 4));
        var dense = new DenseCurvature(network, data);
        var eigenvalues = Eigenvalues(of switch
        {
            CurvatureMatrix.Hessian => dense.Hessian(),
            CurvatureMatrix.GaussNewton => dense.Projected((_, z) => OfCrossEntropy(z)),
            _ => dense.Projected((x, z) =>
            {
                double[] slope = [.. Softmax(z).Select((p, a) => p - (a == data.Labels![x] ? 1 : 0))];
                return Matrix(z.Length, (a, b) => slope[a] * slope[b]);
            }),
        });
        var found = Measure(new CurvatureEigenvalues(10, of), network, data, Seeded);
        Assert.Equal(10, found.Detail("converged"));
        Assert.Equal((false, BoundSide.Lower), (found.Exact, found.Quantity!.Value.Side));
        for (var i = 0; i < 10; i++)
        {
            var (value, residual) = i == 0 ? (found.Value!.Value, found.Detail("residual"))
                : (found.Detail($"eigenvalue{i + 1}"), found.Detail($"eigenvalue{i + 1}.residual"));
            Assert.True(residual <= 1e-3 * value);
            Assert.InRange(value, eigenvalues[i] - residual - 1e-8, eigenvalues[i] + 1e-8);
        }

        AssertClose(1, found.Layers.Sum(layer => layer.Value), 1e-9);
    }

    [Fact]
    public void As_many_as_there_are_weights_are_exact()
    {
        var (network, data) = (Perceptron("tanh", 3, 4, 2), Gaussian(20, 2, 3));
        var eigenvalues = Eigenvalues(new DenseCurvature(network, data).Hessian());
        var found = Measure(new CurvatureEigenvalues(eigenvalues.Length), network, data, Seeded);
        Assert.True(found.Exact);
        Assert.Equal(eigenvalues.Length, found.Detail("products"));
        for (var i = 1; i < eigenvalues.Length; i++)
        {
            Assert.Equal(eigenvalues[i], found.Detail($"eigenvalue{i + 1}"), 1e-8);
        }
    }

    [Fact]
    public void What_has_not_converged_is_named()
    {
        var (network, data) = (Perceptron("tanh", 4, 6, 5, 3), Gaussian(40, 3, 4));
        var found = Measure(new CurvatureEigenvalues(5, Products: 6), network, data, Seeded);
        Assert.True(found.Detail("converged") < 5);
        Assert.Contains(found.Notes, note => note.StartsWith("not converged", StringComparison.Ordinal) && note.Contains("eigenvalue 5"));
        Assert.Equal(6, found.Detail("products"));
        var few = Measure(new CurvatureEigenvalues(5, Products: 3), network, data, Seeded);
        Assert.Contains("3 products gave 3 values", few.Notes);
    }

    [Fact]
    public void A_matrix_of_low_rank_has_zeros_beside_its_values()
    {
        // Two examples of one class: 2 x xᵀ each, over two.
        double[] w = [0.3, -0.7, 0.02, 0.1, 0.5, -0.2], x = [1, 2, 0.5, -1, 0.3, 2, 0, 1, 1, 0, -1, 1];
        var found = Measure(new CurvatureEigenvalues(4), Quadratic(w), Ones(6, x), Seeded);
        var dense = Matrix(6, (i, j) => x.Chunk(6).Sum(one => one[i] * one[j]));
        var eigenvalues = Eigenvalues(dense);
        AssertClose(eigenvalues[0], found.Value, 1e-6);
        AssertClose(eigenvalues[1], found.Detail("eigenvalue2"), 1e-6);
        Assert.Equal(0, found.Detail("eigenvalue3"), 1e-9);
        Assert.Equal(4, found.Detail("converged"));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(40)]
    public void Restarts_find_the_same_with_the_residuals_they_tell(int held)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (A, eigenvalues) = Spectrum(300, i => 10 * Math.Pow(0.97, i));
        using Generator generator = new(2);
        using var found = LargestEigenpairs.Of(
            A.MatMul, Tensor.Zeros([300], ScalarType.Float64), 8, 1000, held, 1e-6, generator);
        Assert.All(found.Converged, Assert.True);
        for (var i = 0; i < 8; i++)
        {
            AssertClose(eigenvalues[i], found.Values[i], 1e-9);
            var v = found.Vectors[i];
            Assert.Equal(1, v.Norm().Item(), 1e-9);
            var residual = (A.MatMul(v) - (v * found.Values[i])).Norm().Item();
            Assert.Equal(found.Residuals[i], residual, 1e-9);
        }
    }

    [Fact]
    public void In_single_precision_residuals_are_those_of_the_vectors()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (A, eigenvalues) = Spectrum(300, i => 10 * Math.Pow(0.9, i));
        A = A.To(ScalarType.Float32);
        using Generator generator = new(2);
        using var found = LargestEigenpairs.Of(A.MatMul, Tensor.Zeros([300]), 10, 1000, 40, 1e-3, generator);
        Assert.All(found.Converged, Assert.True);
        for (var i = 0; i < 10; i++)
        {
            AssertClose(eigenvalues[i], found.Values[i], 1e-5);
            var residual = (A.MatMul(found.Vectors[i]) - (found.Vectors[i] * found.Values[i])).Norm().Item();
            Assert.InRange(residual, 0, found.Residuals[i] + 2e-5);
        }
    }

    private static (Tensor A, double[] Eigenvalues) Spectrum(int size, Func<int, double> eigenvalue)
    {
        using Generator generator = new(1);
        var Q = Tensor.Randn([size, size], generator, ScalarType.Float64).OrthogonalAndTriangular().Q;
        double[] eigenvalues = [.. Enumerable.Range(0, size).Select(eigenvalue)];
        return ((Q * Tensor.FromArray(eigenvalues, size)).MatMul(Q.T()), eigenvalues);
    }
}
