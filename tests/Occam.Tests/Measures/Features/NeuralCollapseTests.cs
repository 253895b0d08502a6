using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using Occam.Data;
using Occam.Measures.Features;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Features;

public sealed class NeuralCollapseTests
{
    [Fact]
    public void The_four_quantities_are_those_of_their_definitions()
    {
        var (network, data) = (Perceptron("relu", 6, 9, 7, 3), Gaussian(200, 3, 6));
        var (features, logits, W) = ByHand(network, data);
        Vector<double>[] of(int c) => [.. features.Where((_, i) => data.Labels![i] == c)];
        Vector<double>[] means = [.. Enumerable.Range(0, 3).Select(c => Mean(of(c)))];
        var center = Mean(means);
        Vector<double>[] deviations = [.. means.Select(mean => mean - center)];
        var within = Enumerable.Range(0, 3).Select(c => Covariance([.. of(c).Select(h => h - means[c])])).Aggregate((a, b) => a + b) / 3;
        var between = Covariance(deviations);
        double[] lengths = [.. deviations.Select(mean => mean.L2Norm())];
        double[] cosines =
        [
            .. new[] { (0, 1), (0, 2), (1, 2) }
                .Select(pair => deviations[pair.Item1] * deviations[pair.Item2] / (lengths[pair.Item1] * lengths[pair.Item2])),
        ];
        var M = Matrix<double>.Build.DenseOfColumnVectors(deviations);
        var found = Measure(new NeuralCollapse(), network, data);
        AssertClose((within * PseudoInverse(between, 2)).Trace() / 3, found.Value, 1e-9);
        AssertClose(lengths.PopulationStandardDeviation() / lengths.Average(), found.Detail("nc2.lengths"), 1e-10);
        AssertClose(cosines.PopulationStandardDeviation(), found.Detail("nc2.angles"), 1e-10);
        AssertClose(cosines.Average(cosine => Math.Abs(cosine + 0.5)), found.Detail("nc2.simplex"), 1e-10);
        AssertClose(
            Math.Pow(((W.Transpose() / W.FrobeniusNorm()) - (M / M.FrobeniusNorm())).FrobeniusNorm(), 2), found.Detail("nc3"), 1e-10);
        var differing = features.Zip(logits).Count(pair =>
            pair.Second.MaximumIndex() != Enumerable.Range(0, 3).MinBy(c => (means[c] - pair.First).L2Norm()));
        Assert.InRange(differing, 1, 199);
        AssertClose(differing / 200.0, found.Detail("nc4"), 1e-12);

        var distance = Measure(new ClassDistanceNormalizedVariance(), network, data);
        double Variance(int c) => of(c).Average(h => Math.Pow((h - means[c]).L2Norm(), 2));
        double[] pairs =
        [
            .. new[] { (0, 1), (0, 2), (1, 2) }.Select(pair => (Variance(pair.Item1) + Variance(pair.Item2))
                / (2 * Math.Pow((means[pair.Item1] - means[pair.Item2]).L2Norm(), 2))),
        ];
        AssertClose(pairs.Average(), distance.Value, 1e-10);
        AssertClose(pairs.Max(), distance.Detail("maximum"), 1e-10);
    }

    [Fact]
    public void Collapsed_features_have_nothing_left()
    {
        // Each class is a corner of the cube, told by the centered corners: an exact simplex.
        var data = DataSet.FromArrays("corners", [3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2, 0, 1, 2]);
        var network = Features(
            new[,] { { 1.0, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
            new[,] { { 2.0, -1, -1 }, { -1, 2, -1 }, { -1, -1, 2 } });
        var found = Measure(new NeuralCollapse(), network, data);
        Assert.All(
            [found.Value!.Value, .. new[] { "nc2.lengths", "nc2.angles", "nc2.simplex", "nc3", "nc4" }.Select(found.Detail)],
            value => Assert.InRange(value, -1e-14, 1e-14));
        Assert.Equal(0, Measure(new ClassDistanceNormalizedVariance(), network, data).Value);
    }

    [Fact]
    public void New_classes_that_the_network_does_not_know_have_a_distance()
    {
        // Seven classes where the network tells three: nothing is said of its own layer.
        var data = Gaussian(140, 7, 6);
        var network = Perceptron("relu", 6, 9, 7, 3);
        Assert.Equal(7, Measure(new ClassDistanceNormalizedVariance(), network, data).Detail("classes"));
        var collapse = Measure(new NeuralCollapse(), network, data);
        Assert.DoesNotContain(collapse.Details, detail => detail.Key is "nc3" or "nc4");
    }

    [Fact]
    public void Why_there_is_none_is_said()
    {
        var huge = DataSet.FromArrays("huge", [2], [.. Enumerable.Range(0, 8).Select(i => (i % 3 - 1) * 1e300)], [0, 1, 0, 1]);
        foreach (var measure in (Occam.Measures.Measure[])[new NeuralCollapse(), new ClassDistanceNormalizedVariance()])
        {
            Assert.Contains("are no numbers", measure.Measurement(Context(
                Features(new[,] { { 3.0, 4 }, { -4, 3 } }, new[,] { { 1.0, 2 }, { 3, 4 } }, "Identity"), huge)).NotApplicable);
        }

        Assert.Contains("two classes or more", new NeuralCollapse().Measurement(
            Context(Perceptron("relu", 4, 5, 2), DataSet.FromArrays("one", [4], new double[12], [1, 1, 1]))).NotApplicable);
        Assert.Contains("a dense layer at the end", new NeuralCollapse().Measurement(
            Context(Affine(new[,] { { 1.0, 2 }, { 3, 4 } }, 0, 0), Gaussian(10, 2, 2))).NotApplicable);
        Assert.Contains("two of them have the same", new ClassDistanceNormalizedVariance().Measurement(Context(
            Perceptron("relu", 2, 5, 2), DataSet.FromArrays("same", [2], [1, 2, 1, 2], [0, 1]))).NotApplicable);
    }

    [Fact]
    public void The_embeddings_complexity_is_the_jacobians_of_the_features()
    {
        var (network, data) = (Perceptron("tanh", 4, 6, 5, 3), Gaussian(12, 3, 4));
        var found = Measure(new EmbeddingComplexity(), network, data);
        var (_, _, _, inner) = Split(network);
        var exact = Examples(data).Average(x => SquaredNorm(NumericJacobian(inner, x, [4])));
        AssertClose(exact, found.Value, 1e-7);
        Assert.Equal((true, 12), (found.Exact, found.PerExample.Length));
        Assert.Equal(5, found.Detail("features"));

        // Of a linear embedding Var φ = tr(A Σ Aᵀ): over ‖A‖_F², for A a multiple of an orthogonal matrix, tr Σ/d of any A's scale.
        var linear = Features(new[,] { { 3.0, 4 }, { -4, 3 } }, new[,] { { 1.0, 2 }, { 3, 4 } }, "Identity");
        var points = Gaussian(50, 2, 2);
        double[][] x = [.. Examples(points)];
        var within = new[] { 0, 1 }.Sum(c =>
        {
            double[][] own = [.. x.Where((_, i) => points.Labels![i] == c)];
            return own.Sum(one => Math.Pow(one[0] - own.Average(o => o[0]), 2) + Math.Pow(one[1] - own.Average(o => o[1]), 2));
        }) / 50;
        var ofLinear = Measure(new EmbeddingComplexity(), linear, points);
        AssertClose(50, ofLinear.Value, 1e-12);
        AssertClose(within / 2, ofLinear.Detail("varianceOverComplexity"), 1e-10);
    }

    private static Network Features(double[,] A, double[,] W, string activation = "Relu") => Graph(
        [A.GetLength(1)],
        [
            TestGraphs.Node("Gemm", ["x", "A"], ["a"], Attributes.Of(("transB", 1L))), TestGraphs.Node(activation, ["a"], ["h"]),
            TestGraphs.Node("Gemm", ["h", "W"], ["y"], Attributes.Of(("transB", 1L))),
        ],
        ("A", Tensor.FromArray(A.Cast<double>().ToArray(), A.GetLength(0), A.GetLength(1))),
        ("W", Tensor.FromArray(W.Cast<double>().ToArray(), W.GetLength(0), W.GetLength(1))));

    private static Vector<double> Mean(IReadOnlyCollection<Vector<double>> vectors) =>
        vectors.Aggregate((sum, vector) => sum + vector) / vectors.Count;

    private static Matrix<double> Covariance(IReadOnlyCollection<Vector<double>> centered) =>
        centered.Select(vector => vector.OuterProduct(vector)).Aggregate((sum, one) => sum + one) / centered.Count;

    private static Matrix<double> PseudoInverse(Matrix<double> matrix, int rank)
    {
        var svd = matrix.Svd();
        return Enumerable.Range(0, rank)
            .Select(i => svd.VT.Row(i).OuterProduct(svd.U.Column(i)) / svd.S[i]).Aggregate((sum, one) => sum + one);
    }

    // The features and logits of a perceptron, layer by layer in plain arithmetic.
    private static (Vector<double>[] Features, Vector<double>[] Logits, Matrix<double> W) ByHand(Network network, DataSet data)
    {
        var (first, second, last, _) = Split(network);
        Vector<double>[] features = [.. Examples(data).Select(x =>
            second.Apply(first.Apply(Vector<double>.Build.Dense(x)).PointwiseMaximum(0)).PointwiseMaximum(0))];
        return (features, [.. features.Select(last.Apply)], last.W);
    }

    private static (Layer First, Layer Second, Layer Last, Network Inner) Split(Network network)
    {
        Layer[] layers = [.. network.ActiveNodes.Where(node => node.OperatorType == "Gemm").Select(node =>
        {
            var (W, b) = (network.Graph.Initializers[node.Inputs[1]], network.Graph.Initializers[node.Inputs[2]]);
            return new Layer(
                Matrix<double>.Build.DenseOfRowMajor((int)W.Size(0), (int)W.Size(1), W.ToArray<double>()),
                Vector<double>.Build.Dense(b.ToArray<double>()));
        })];
        var last = network.ActiveNodes.Last(node => node.OperatorType == "Gemm");
        return (layers[0], layers[1], layers[2], network.WithOutput(last.Inputs[0]));
    }

    private sealed record Layer(Matrix<double> W, Vector<double> B)
    {
        public Vector<double> Apply(Vector<double> x) => (W * x) + B;
    }
}
