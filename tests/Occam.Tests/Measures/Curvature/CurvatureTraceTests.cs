using Occam.Measures.Curvature;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Curvature.DenseCurvature;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Curvature;

public sealed class CurvatureTraceTests
{
    [Theory]
    [InlineData(TraceEstimator.Xtrace)]
    [InlineData(TraceEstimator.HutchPlusPlus)]
    public void With_products_enough_it_is_exact(TraceEstimator by)
    {
        var (network, data) = (Perceptron("tanh", 3, 4, 2), Gaussian(20, 2, 3));
        var dense = new DenseCurvature(network, data);
        var found = Measure(new CurvatureTrace(By: by, Products: 3 * dense.Size), network, data, Seeded);
        Assert.True(found.Exact);
        AssertClose(Trace(dense.Hessian()), found.Value, 1e-7);
    }

    [Theory]
    [InlineData(TraceEstimator.Xtrace)]
    [InlineData(TraceEstimator.HutchPlusPlus)]
    [InlineData(TraceEstimator.Hutchinson)]
    public void Its_parts_by_layer_are_the_blocks_traces_within_their_errors(TraceEstimator by)
    {
        var (network, data) = (Perceptron("tanh", 4, 6, 3), Gaussian(40, 3, 4));
        var dense = new DenseCurvature(network, data).Projected((_, z) => OfCrossEntropy(z));
        var found = Measure(new CurvatureTrace(CurvatureMatrix.GaussNewton, by, 40), network, data, Seeded);
        Assert.InRange(Math.Abs(found.Value!.Value - Trace(dense)), 0, 4 * found.StandardError);
        var at = 0;
        foreach (var (layer, parameter) in found.Layers.Zip(network.Parameters))
        {
            var block = Enumerable.Range(at, (int)parameter.Value.Elements).Sum(i => dense[i, i]);
            at += (int)parameter.Value.Elements;
            Assert.Equal(parameter.Name, layer.Name);
            Assert.InRange(Math.Abs(layer.Value - block), 0, 5 * layer.StandardError);
        }
    }

    [Fact]
    public void Of_low_rank_it_is_Hutch_plus_plus_and_exact()
    {
        double[] w = [0.3, -0.7, 0.02, 0.1, 0.5, -0.2, 0.4, 0.1], x = [1, 2, 0.5, -1, 0.3, 2, 1, 0, 0, 1, 1, 0, -1, 1, 0, 2];
        var found = Measure(new CurvatureTrace(Products: 12), Quadratic(w), Ones(8, x), Seeded);
        AssertClose(x.Sum(one => one * one), found.Value, 1e-9);
        Assert.True(found.Exact);
        Assert.Contains(found.Notes, note => note.StartsWith("Hutch++", StringComparison.Ordinal));
    }

    [Fact]
    public void XTraces_leave_one_out_estimates_are_those_of_its_definition()
    {
        using var scope = Libtorch.NewDisposeScope();
        const int Size = 30, Count = 5;
        using Generator first = new(3), again = new(3);
        var root = Tensor.Randn([Size, Size], first, ScalarType.Float64);
        Tensor.Randn([Size, Size], again, ScalarType.Float64);
        var A = root + root.T();
        var like = Tensor.Zeros([Size], ScalarType.Float64);
        var (trace, products) = XTrace.Of(new DenseMatrix(A), like, 2 * Count, first)!.Value;
        var omegas = Enumerable.Range(0, Count).Select(_ => Tensor.Randn([Size], again, ScalarType.Float64)).ToArray();
        double Estimate(int i, params int[] without)
        {
            var Q = A.MatMul(Tensor.Stack([.. omegas.Where((_, j) => !without.Contains(j))], 1)).OrthogonalAndTriangular().Q;
            var left = omegas[i] - Q.MatMul(Q.T().MatMul(omegas[i]));
            return Q.T().MatMul(A).MatMul(Q).Diagonal().Sum().Item()
                + ((Size - Count + without.Length) * (left * A.MatMul(left)).Sum().Item() / left.Square().Sum().Item());
        }

        double[] estimates = [.. Enumerable.Range(0, Count).Select(i => Estimate(i, i))];
        var pairs = Enumerable.Range(0, Count).SelectMany(i => Enumerable.Range(0, i).Select(j =>
            (estimates[i] - Estimate(i, i, j)) * (estimates[j] - Estimate(j, i, j)))).Average();
        Assert.Equal(2 * Count, products);
        AssertClose(estimates.Average(), trace.Value, 1e-9);
        AssertClose(
            Math.Sqrt(Math.Pow(Uncertain.Mean(estimates).StandardError, 2) + Math.Max(0, pairs)), trace.StandardError, 1e-9);
    }
}
