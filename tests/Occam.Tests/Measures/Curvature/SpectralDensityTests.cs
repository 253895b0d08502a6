using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Curvature.DenseCurvature;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Curvature;

public sealed class SpectralDensityTests
{
    [Fact]
    public void A_quadrature_is_the_form_of_the_function_of_the_matrix()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var root = Tensor.Randn([40, 40], generator, ScalarType.Float64);
        var A = (root + root.T()) * 0.2;
        var v = Tensor.Randn([40], generator, ScalarType.Float64);
        v /= v.Norm();
        var parts = A.EigenSymmetric();
        var (eigenvalues, along) = (parts[0].ToArray<double>(), parts[1].T().MatMul(v).ToArray<double>());
        double Form(Func<double, double> f) => eigenvalues.Zip(along, (value, part) => part * part * f(value)).Sum();

        // With all steps for any function; with few for polynomials, and for what is like one.
        var all = LanczosQuadrature.Of(A.MatMul, v, 40);
        Assert.Equal(Form(Math.Abs), all.MeanOf(Math.Abs), 1e-9);
        var few = LanczosQuadrature.Of(A.MatMul, v, 4);
        AssertClose(Form(value => Math.Pow(value, 7)), few.MeanOf(value => Math.Pow(value, 7)), 1e-9);
        Assert.True(Math.Abs(Form(value => Math.Pow(value, 8)) - few.MeanOf(value => Math.Pow(value, 8))) > 1e-3);
        AssertClose(Form(Math.Exp), LanczosQuadrature.Of(A.MatMul, v, 12).MeanOf(Math.Exp), 1e-9);
        AssertClose(1, few.Weights.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(CurvatureMatrix.Hessian)]
    [InlineData(CurvatureMatrix.GaussNewton)]
    public void Its_sums_are_the_dense_matrixs_within_their_errors(CurvatureMatrix of)
    {
        var (network, data) = (Perceptron("tanh", 4, 6, 3), Gaussian(40, 3, 4));
        var dense = new DenseCurvature(network, data);
        var eigenvalues = Eigenvalues(of == CurvatureMatrix.Hessian ? dense.Hessian() : dense.Projected((_, z) => OfCrossEntropy(z)));
        var found = Measure(new SpectralDensity(of, Z: 0.05, Draws: 40), network, data, Seeded);
        void AssertNear(double expected, Uncertain actual) =>
            Assert.True(Math.Abs(actual.Value - expected) <= (4 * actual.StandardError) + 1e-9, $"{expected} and {actual}");
        AssertNear(eigenvalues.Sum(value => Math.Max(value, 0) / (Math.Max(value, 0) + 0.05)), found.Quantity!.Value);
        AssertNear(eigenvalues.Sum(), found.Estimate("trace"));
        AssertNear(eigenvalues.Sum(value => value * value), found.Estimate("squaredNorm"));
        AssertNear(eigenvalues.Sum(Math.Abs), found.Estimate("magnitude"));
        AssertNear(eigenvalues.Sum(value => Math.Max(-value, 0)), found.Estimate("negative"));
        Assert.InRange(found.Detail("largest"), eigenvalues[0] - 1e-6, eigenvalues[0] + 1e-9);
        Assert.InRange(found.Detail("smallest"), eigenvalues[^1] - 1e-9, eigenvalues[^1] + 1e-6);

        // The curve is the smoothed density of the eigenvalues themselves.
        var curve = found.Curve!;
        var deviation = found.Detail("deviation");
        for (var i = 0; i < curve.X.Length; i += 10)
        {
            var density = eigenvalues.Average(value => Math.Exp(-Math.Pow((curve.X[i] - value) / deviation, 2) / 2))
                / (deviation * Math.Sqrt(2 * Math.PI));
            Assert.True(
                Math.Abs(density - curve.Y[i].Value) <= (5 * curve.Y[i].StandardError) + 1e-3 / deviation,
                $"{curve.X[i]}: {density} and {curve.Y[i]}");
        }

        var area = curve.Y.Sum(each => each.Value) * (curve.X[1] - curve.X[0]);
        AssertClose(1, area, 1e-3);
    }
}
