using MathNet.Numerics.LinearAlgebra;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Features;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Features;

public sealed class CollapseComplexityTests
{
    private static readonly double[,] s_map = { { 1.0, 2, -1 }, { 0.5, -1, 3 } };

    [Fact]
    public void Of_a_linear_embedding_all_is_known_in_closed_form()
    {
        var data = Classes(60, 3, 1, 2, 0.5);
        var found = Measure(new CollapseComplexity(), Linear(s_map), data);
        var A = Matrix<double>.Build.DenseOfArray(s_map);
        var complexity = Math.Pow(A.FrobeniusNorm(), 2);
        var (means, covariances) = ByHand(data, 3);
        double OverPairs(Func<int, double> q) =>
            new[] { (0, 1), (0, 2), (1, 2) }.Average(pair => (q(pair.Item1) + q(pair.Item2))
                / (2 * Math.Pow((A * (means[pair.Item1] - means[pair.Item2])).L2Norm(), 2)));
        double Variance(int c) => (A * covariances[c] * A.Transpose()).Trace();
        double Largest(int c) => covariances[c].Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum();
        Assert.True(found.Exact);
        AssertClose(OverPairs(_ => complexity), found.Value, 1e-10);
        AssertClose(OverPairs(Variance), found.Detail("collapse"), 1e-10);
        AssertClose(Measure(new ClassDistanceNormalizedVariance(), Linear(s_map), data).Value!.Value, found.Detail("collapse"), 1e-12);
        AssertClose(Enumerable.Range(0, 3).Max(c => Variance(c) / complexity), found.Detail("poincare.implied"), 1e-10);
        AssertClose(Enumerable.Range(0, 3).Max(Largest), found.Detail("poincare.covariance"), 1e-10);
        AssertClose(OverPairs(c => Largest(c) * complexity), found.Detail("collapse.gaussian"), 1e-10);
    }

    /// <summary>Of more inputs than their covariance is added up for, from the examples themselves, directly or iterated.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(1100)]
    public void The_largest_variance_of_wide_inputs_is_that_of_their_singular_values(int count)
    {
        using var scope = Libtorch.NewDisposeScope();
        const int Width = 1030;
        using Generator generator = new(3);
        var x = Tensor.Randn([count, Width], generator, ScalarType.Float64) * Tensor.FromArray(
            [.. Enumerable.Range(0, Width).Select(i => i < 2 ? 3.0 - i : 0.1)], Width);
        var data = DataSet.FromArrays("wide", [Width], x.ToArray<double>(), [.. Enumerable.Range(0, count).Select(i => i % 2)]);
        var found = InputSpread.Of(Context(Wide(Width), data), new int[count], 1);
        var centered = x - x.Mean([0]);
        AssertClose(Math.Pow(centered.SingularValues().AMax([0]).Item(), 2) / count, found.Largest!.Value[0], 1e-6);
        AssertClose(centered.Square().Sum().Item() / count, found.Variances[0], 1e-9);
    }

    [Fact]
    public void An_estimates_error_is_no_less_than_it_is()
    {
        var (network, data) = (Perceptron("tanh", 4, 9, 6, 3), Gaussian(30, 3, 4));
        var exact = Measure(new CollapseComplexity(), network, data).Value!.Value;
        MeasureResult[] estimates = [.. Enumerable.Range(0, 60).Select(seed =>
            Measure(new CollapseComplexity(), network, data, new MeasureOptions { Directions = 2, Seed = seed }))];
        Assert.All(estimates, estimate => Assert.False(estimate.Exact));
        var spread = Math.Sqrt(estimates.Average(estimate => Math.Pow(estimate.Value!.Value - exact, 2)));
        Assert.True(spread <= 1.2 * estimates.Average(estimate => estimate.StandardError), $"{spread}");
        Assert.True(Math.Abs(estimates.Average(estimate => estimate.Value!.Value) - exact) <= 4 * spread / Math.Sqrt(60));
    }

    [Fact]
    public void Why_there_is_none_is_said() => Assert.Contains("two of them have the same", new CollapseComplexity().Measurement(Context(
        Perceptron("relu", 2, 5, 2), DataSet.FromArrays("same", [2], [1, 2, 1, 2], [0, 1]))).NotApplicable);

    [Fact]
    public void Complexity_over_margin_is_the_one_over_the_others_square()
    {
        // f = A x: ‖A‖_F² over the square of the 5th percentile of the margins, all of them right.
        double[,] A = { { 2.0, 1, 0 }, { 0, -1, 1 } };
        var data = DataSet.FromArrays("right", [3], [1, 0, 0, 2, 1, 0, -1, 0, 1, -2, -1, 2], [0, 0, 1, 1]);
        double[] margins = [2, 6, 3, 10];
        var γ = MathNet.Numerics.Statistics.Statistics.QuantileCustom(
            margins, 0.05, MathNet.Numerics.Statistics.QuantileDefinition.R7);
        var found = Measure(new ComplexityOverMargin(), Affine(A, 0, 0), data);
        AssertClose(7 / (γ * γ), found.Value, 1e-12);
        AssertClose(γ, found.Detail("margin"), 1e-12);
        Assert.Contains("would mean nothing", new ComplexityOverMargin().Measurement(Context(
            Affine(A, 0, 0), DataSet.FromArrays("wrong", [3], [1, 0, 0, 2, 1, 0], [1, 1]))).NotApplicable);
    }

    /// <summary>Normal examples about a mean of each class, all with standard deviations of their own along the coordinates.</summary>
    internal static DataSet Classes(int count, int classes, params double[] deviations)
    {
        SeededRandom random = new(11);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % classes)];
        double[] x =
        [
            .. labels.SelectMany(c => deviations.Select(
                (s, j) => (5.0 * (j == c % deviations.Length ? c + 1 : 0)) + (s * random.NextGaussian()))),
        ];
        return DataSet.FromArrays("classes", [deviations.Length], x, labels);
    }

    /// <summary>The last layer of two classes or more behind features A x.</summary>
    internal static Network Linear(double[,] A)
    {
        var W = new double[3, A.GetLength(0)];
        for (var i = 0; i < W.Length; i++)
        {
            W[i / W.GetLength(1), i % W.GetLength(1)] = i + 1;
        }

        return Graph(
            [A.GetLength(1)],
            [
                TestGraphs.Node("Gemm", ["x", "A"], ["a"], Attributes.Of(("transB", 1L))), TestGraphs.Node("Identity", ["a"], ["h"]),
                TestGraphs.Node("Gemm", ["h", "W"], ["y"], Attributes.Of(("transB", 1L))),
            ],
            ("A", Tensor.FromArray(A.Cast<double>().ToArray(), A.GetLength(0), A.GetLength(1))),
            ("W", Tensor.FromArray(W.Cast<double>().ToArray(), W.GetLength(0), W.GetLength(1))));
    }

    private static Network Wide(int width)
    {
        var A = new double[2, width];
        A[0, 0] = A[1, 1] = 1;
        return Linear(A);
    }

    private static (Vector<double>[] Means, Matrix<double>[] Covariances) ByHand(DataSet data, int classes)
    {
        var own = Enumerable.Range(0, classes).Select(c => Examples(data).Where((_, i) => data.Labels![i] == c)
            .Select(x => Vector<double>.Build.Dense(x)).ToArray()).ToArray();
        Vector<double>[] means = [.. own.Select(x => x.Aggregate((a, b) => a + b) / x.Length)];
        return (
            means,
            [
                .. own.Select((x, c) =>
                    x.Select(one => (one - means[c]).OuterProduct(one - means[c])).Aggregate((a, b) => a + b) / x.Length),
            ]);
    }
}
