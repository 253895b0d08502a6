using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Sharpness;

public sealed class ExpectedSharpnessTests
{
    [Fact]
    public void Of_a_quadratic_loss_it_is_half_the_trace_of_the_scaled_Hessian()
    {
        // E (w + ν)·x squared, less (w·x)², is Σ α²(10|w_j| + 1)² x_j².
        double[] w = [0.3, -0.7, 0.02], x = [1, 2, 0.5, -1, 0.3, 2, 0.2, 1.5, -1];
        var perUnit = Enumerable
            .Range(0, 3)
            .Sum(j => Math.Pow((10 * Math.Abs(w[j])) + 1, 2) * Enumerable.Range(0, 3).Average(i => x[(3 * i) + j] * x[(3 * i) + j]));
        var result = Measure(new ExpectedSharpness(Alpha: 0.02, Grid: [0.005, 0.05], Draws: 2000), Quadratic(w), Ones(3, x), Seeded);
        AssertWithin(3, perUnit * 0.02 * 0.02, result.Value!.Value, result.StandardError);
        foreach (var alpha in new[] { 0.005, 0.02, 0.05 })
        {
            var name = ExpectedSharpness.SizeName(alpha);
            AssertWithin(3, perUnit * alpha * alpha, result.Detail($"alpha={name}"), result.Detail($"alpha={name}.standardError"));
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(2)]
    public void Of_logistic_regression_it_is_a_Gaussian_integral(int batch)
    {
        // The logit w·x + b of the perturbed model is Gaussian.
        double[] w = [0.8, -0.5], x = [1, 2, -1, 0.5, 0.3, -2, 1.5, 1, -0.2, 0.1];
        const double b = 0.4, alpha = 0.05;
        double Deviation(double weight) => alpha * ((10 * Math.Abs(weight)) + 1);
        var expected = x.Chunk(2).Average(example =>
        {
            var z = (w[0] * example[0]) + (w[1] * example[1]) + b;
            var spread = Math.Sqrt(
                Math.Pow(Deviation(w[0]) * example[0], 2) + Math.Pow(Deviation(w[1]) * example[1], 2) + Math.Pow(Deviation(b), 2));
            return GaussianMean(t => SoftPlus(-t), z, spread) - SoftPlus(-z);
        });
        var result = Measure(
            new ExpectedSharpness(Alpha: alpha, Grid: [alpha], Draws: 4000, Batch: batch), Affine(new[,] { { w[0], w[1] } }, b), Ones(2, x),
            Seeded);
        AssertWithin(3, expected, result.Value!.Value, result.StandardError);
        Assert.True(result.StandardError < expected / 5);
    }

    [Theory]
    [InlineData(0.005, "5e-3")]
    [InlineData(0.0025, "25e-4")]
    [InlineData(1, "1e0")]
    [InlineData(12, "12e0")]
    [InlineData(0.1, "1e-1")]
    public void Sizes_have_names_without_a_point(double size, string name) => Assert.Equal(name, ExpectedSharpness.SizeName(size));

    [Fact]
    public void It_draws_no_more_once_the_standard_error_is_as_small_as_asked_for()
    {
        var measure = new ExpectedSharpness(0.01, [0.01], 5000);
        var few = Measure(measure with { StandardError = 2e-3 }, Perceptron("tanh", 4, 8, 3), Gaussian(30, 3, 4), Seeded);
        Assert.InRange(few.Detail("draws"), 30, 4999);
        Assert.True(few.StandardError <= 2e-3);
        var exhausted =
            Measure(measure with { StandardError = 1e-12, Draws = 40 }, Perceptron("tanh", 4, 8, 3), Gaussian(30, 3, 4), Seeded);
        Assert.Equal(40, exhausted.Detail("draws"));
    }

    [Fact]
    public void It_leaves_the_network_as_it_was_and_comes_out_the_same_again()
    {
        var network = Cnn();
        var x = Tensor.FromArray(Example(Gaussian(1, 3, 2, 8, 8), 0), 1, 2, 8, 8);
        var before = network.Forward(x).ToArray<double>();
        var first = Measure("expected-sharpness", network, Gaussian(7, 3, 2, 8, 8));
        Assert.Equal(before, network.Forward(x).ToArray<double>());
        Assert.Equal(first.Value, Value("expected-sharpness", network, Gaussian(7, 3, 2, 8, 8)));
        Assert.NotEqual(first.Value, Value("expected-sharpness", network, Gaussian(7, 3, 2, 8, 8), new MeasureOptions { Seed = 1 }));
    }

    [Theory]
    [InlineData("expected-sharpness")]
    [InlineData("max-sharpness")]
    [InlineData("kl-divergence")]
    [InlineData("gaussian-kl")]
    [InlineData("pac-bayes-bound")]
    [InlineData("hessian-trace")]
    [InlineData("hessian-top-eigenvalue")]
    public void Batch_normalization_counts_as_the_weights_it_folds_into(string id)
    {
        var data = Gaussian(9, 3, 2, 8, 8);
        var normalized = Measure(id, Cnn(), data);
        var folded = Measure(id, new Subject(Cnn()).Folded!, data);
        AssertClose(folded.Value!.Value, normalized.Value, 1e-12);
        Assert.Contains(normalized.Notes.Append(id.Contains("kl") ? "folded" : ""), note => note.Contains("folded"));
    }

    [Fact]
    public void A_graph_of_a_fixed_batch_size_is_perturbed_as_one_of_any()
    {
        var free = TestGraphs.Mlp();
        using TemporaryFolder folder = new();

        // Rows for three examples, stored as whole numbers: no parameter.
        var fixedBatch = free with
        {
            Input = free.Input with { Shape = [3, 3] },
            Nodes = [free.Nodes[0], TestGraphs.Node("Cast", ["whole"], ["rows"], Attributes.Of(("to", 1L))), TestGraphs.Node(
                "Add", ["h", "rows"], ["i"]), TestGraphs.Node("Relu", ["i"], ["a"]), free.Nodes[2]],
            Initializers = free.Initializers.Add("whole", Tensor.Zeros([3, 4], ScalarType.Int64)),
        };
        OnnxWriter.Write(fixedBatch, folder.File("a.onnx"));
        var loaded = NetworkLoader.Load(folder.File("a.onnx"));
        Assert.Equal(3, loaded.FixedBatch);
        foreach (var id in new[] { "expected-sharpness", "max-sharpness", "hessian-trace", "pac-bayes-bound" })
        {
            AssertClose(
                Value(id, new Network(free), Gaussian(7, 2, 3)),
                Measure(id, new MeasureContext(Subject.Of(loaded), Gaussian(7, 2, 3))).Value, 1e-3);
        }
    }

    [Fact]
    public void In_bfloat16_it_is_refused_and_why()
    {
        var context = new MeasureContext(new Subject(Perceptron("relu", 4, 5, 2), type: ScalarType.BFloat16), Gaussian(3, 2, 4));
        Assert.Contains("float32", Find("expected-sharpness").Measurement(context).NotApplicable);
    }

    [Fact]
    public void Parameters_that_can_not_be_are_refused_in_one_line()
    {
        Measure[] wrong =
        [
            new ExpectedSharpness(Draws: 1), new KlDivergence(Alpha: 0), new ExpectedSharpness(Grid: []),
            new PacBayesCurve(Grid: [0.1, -1]),
            new MaxSharpness(Momentum: 1), new PacBayesBound(Delta: 0), new MaxSharpness(Steps: 0), new ExpectedSharpness(StandardError: 0),
            new GaussianKl(double.PositiveInfinity), new HessianTrace(5), new HessianTopEigenvalue(0), new PacBayesFlatness(0),
        ];
        var context = Context(Perceptron("relu", 4, 5, 2), Gaussian(3, 2, 4));
        foreach (var measure in wrong)
        {
            var message = Assert.Throws<OccamException>(() => measure.Measurement(context)).Message;
            Assert.Contains("give", message);
            Assert.DoesNotContain('\n', message);
        }
    }

    private static void AssertWithin(double errors, double expected, double actual, double standardError) =>
        Assert.True(Math.Abs(actual - expected) <= errors * standardError, $"{actual} ± {standardError} where {expected} was expected");
}
