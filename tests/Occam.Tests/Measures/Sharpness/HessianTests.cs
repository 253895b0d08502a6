using Occam.Data;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Sharpness;

public sealed class HessianTests
{
    [Fact]
    public void Of_a_quadratic_loss_trace_and_eigenvalues_are_exact()
    {
        double[] w = [0.3, -0.7, 0.02], x = [1, 2, 0.5, -1, 0.3, 2];
        var dense = new double[3, 3];
        foreach (var example in x.Chunk(3))
        {
            for (var i = 0; i < 9; i++)
            {
                dense[i / 3, i % 3] += example[i / 3] * example[i % 3];
            }
        }

        var eigenvalues = Eigenvalues(dense);
        AssertClose(eigenvalues.Sum(), Measure(new HessianTrace(12), Quadratic(w), Ones(3, x), Seeded).Value, 1e-9);
        var top = Measure(new HessianTopEigenvalue(), Quadratic(w), Ones(3, x), Seeded);
        AssertClose(eigenvalues[^1], top.Value, 1e-6);
        AssertClose(eigenvalues[1], top.Detail("eigenvalue2"), 1e-6);
        Assert.Equal(1, top.Detail("converged"));
        Assert.Equal((true, 0.0), (top.Exact, top.StandardError));
    }

    [Fact]
    public void They_are_those_of_the_dense_Hessian_by_finite_differences()
    {
        var (network, data) = (Perceptron("tanh", 3, 4, 2), Gaussian(20, 2, 3));
        var dense = Hessian(network, data);
        var eigenvalues = Eigenvalues(dense);
        var trace = Enumerable.Range(0, dense.GetLength(0)).Sum(i => dense[i, i]);

        // As many products as make Hutch++ and Lanczos exact.
        var exact = Measure(new HessianTrace(3 * dense.GetLength(0)), network, data, Seeded);
        AssertClose(trace, exact.Value, 1e-5);
        var top = Measure(new HessianTopEigenvalue(dense.GetLength(0)), network, data, Seeded);
        AssertClose(eigenvalues[^1], top.Value, 1e-5);
        Assert.True(top.Detail("residual") <= 1e-3 * top.Value);
        Assert.All(
            top.Details.Where(detail => detail.Key.EndsWith(".residual", StringComparison.Ordinal)),
            residual => Assert.True(residual.Value <= 1e-3 * top.Value));

        // With fewer they are estimates that tell their error.
        var estimate = Measure(new HessianTrace(Products: 15), network, data, Seeded);
        Assert.InRange(trace, estimate.Value!.Value - (4 * estimate.StandardError), estimate.Value.Value + (4 * estimate.StandardError));
        var few = Measure(new HessianTopEigenvalue(Products: 2), network, data, Seeded);
        Assert.Equal(0, few.Detail("converged"));
        Assert.Equal((false, few.Detail("residual"), BoundSide.Lower), (few.Exact, few.Quantity!.Value.Residual, few.Quantity.Value.Side));
        Assert.True(few.Value <= eigenvalues[^1] + 1e-9);
        Assert.DoesNotContain(few.Details, detail => detail.Key is "eigenvalue2" or "smallest");
        Assert.True(eigenvalues.Min(value => Math.Abs(value - few.Value!.Value)) <= few.Detail("residual") + 1e-6);
    }

    [Fact]
    public void Hutchinson_is_unbiased_with_the_error_it_tells()
    {
        var (network, data) = (Perceptron("tanh", 3, 4, 2), Gaussian(20, 2, 3));
        var dense = Hessian(network, data);
        var trace = Enumerable.Range(0, dense.GetLength(0)).Sum(i => dense[i, i]);
        var estimate = Measure(new HessianTrace(Products: 1200), network, data, Seeded);
        Assert.True(Math.Abs(estimate.Detail("hutchinson") - trace) <= 3 * estimate.Detail("hutchinson.standardError"));

        // The variance of gᵀHg for signs is 2 Σ_{i≠j} H_ij².
        var offDiagonal =
            dense.Cast<double>().Sum(value => value * value) - Enumerable.Range(0, dense.GetLength(0)).Sum(i => dense[i, i] * dense[i, i]);
        AssertClose(Math.Sqrt(2 * offDiagonal / 400), estimate.Detail("hutchinson.standardError"), 0.05);
    }

    private static double[] Eigenvalues(double[,] matrix) =>
        Tensor.FromArray(matrix.Cast<double>().ToArray(), matrix.GetLength(0), matrix.GetLength(1))
            .EigenvaluesSymmetric()
            .ToArray<double>();

    /// <summary>Second differences of the loss by all parameters.</summary>
    private static double[,] Hessian(Network network, DataSet data)
    {
        const double Step = 1e-3;
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        WeightSpace weights = new(network);
        var x = Context(network, data).Examples(0, data.Count);
        var size = (int)weights.Size;
        double At(params (int Index, double Move)[] moves)
        {
            using var inner = Libtorch.NewDisposeScope();
            var point = weights.Origin.ToArray<double>();
            foreach (var (index, move) in moves)
            {
                point[index] += move;
            }

            weights.Point.CopyInPlace(Tensor.FromArray(point, size));
            var logits = weights.Logits(x).ToArray<double>().Chunk(2);
            return logits.Zip(data.Labels!, (z, label) => Math.Log(z.Sum(Math.Exp)) - z[label]).Average();
        }

        // Fourth order in the step: (16 D(h) − D(2h))/… by Richardson's extrapolation.
        double Second(int i, int j, double h) =>
            (At((i, h), (j, h)) - At((i, h), (j, -h)) - At((i, -h), (j, h)) + At((i, -h), (j, -h))) / (4 * h * h);
        var dense = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                dense[i, j] = dense[j, i] = ((4 * Second(i, j, Step)) - Second(i, j, 2 * Step)) / 3;
            }
        }

        return dense;
    }
}
