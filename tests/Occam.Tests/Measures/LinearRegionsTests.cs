using Occam.Measures;
using Occam.Measures.Regions;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class LinearRegionsTests
{
    [Fact]
    public void Patterns_on_a_line_are_the_intervals_between_the_kinks()
    {
        // Kinks at −1, 0, 1 and (behind a negative weight) 2.
        var network = Layer(new double[,] { { 1 }, { 1 }, { 1 }, { -1 } }, [1, 0, -1, 2]);
        var regions = Measure("linear-regions", network, Points([1], -5, -1.5, -0.5, -0.4, 0.5, 1.5, 1.9, 2.5, 9));
        Assert.Equal(5, regions.Value);
        Assert.Equal(4, regions.Detail("units"));
        AssertClose(9 / 5.0, regions.Detail("examplesPerRegion"), 1e-15);
    }

    [Fact]
    public void Crossings_on_a_line_are_the_kinks_between_the_examples()
    {
        var network = Layer(new double[,] { { 1 }, { 1 }, { 1 }, { -1 } }, [1, 0, -1, 2]);
        var regions = Measure("linear-regions", network, Points([1], -5, 5));
        AssertClose(4, regions.Detail("crossingsPerSegment"), 1e-15);
        AssertClose(0.4, regions.Detail("crossingsPerUnitLength"), 1e-15);
        Assert.Equal(0, regions.Detail("crossingsPerUnitLength.standardError"), 1e-15);
    }

    [Fact]
    public void Patterns_in_the_plane_are_the_sides_of_the_hyperplanes()
    {
        double[,] W = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 2, -1 }, { -1, 0.5 } };
        double[] b = [0.2, -0.1, 0.5, 0, 0.7];
        var data = Gaussian(300, 2, 2);
        var expected = Examples(data)
            .Select(x => string.Concat(b.Select((offset, i) => (W[i, 0] * x[0]) + (W[i, 1] * x[1]) + offset > 0 ? '+' : '-')))
            .Distinct()
            .Count();

        // Five lines in the plane make at most 16 regions.
        Assert.InRange(expected, 8, 16);
        Assert.Equal(expected, Measure("linear-regions", Layer(W, b), data).Value);
    }

    public static TheoryData<string, Func<Network>, int[]> Networks => new()
    {
        { "perceptron", () => Perceptron("relu", 3, 40, 40, 2), [3] },
        { "LeakyRelu", () => Perceptron("leaky-relu", 3, 60, 2), [3] },
        { "convolutions and poolings", () => Cnn(), [2, 8, 8] },
        { "residual", () => Residual(), [2, 6, 6] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Crossings_are_the_changes_of_pattern_along_a_densely_sampled_segment(string what, Func<Network> build, int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var (network, data) = (build(), Gaussian(2, 2, shape));
        var context = Context(network, data);
        var folded = context.Subject.Folded!;
        var ends = context.Examples(0, 2);
        var (from, to) = (ends.Select(0, 0), ends.Select(0, 1));

        const int Steps = 20_000;
        var patterns = ActivationPatterns.Of(folded);
        var digests = new List<string>();
        foreach (var chunk in Enumerable.Range(0, Steps + 1).Chunk(500))
        {
            using var inner = Libtorch.NewDisposeScope();
            var t = Tensor.FromArray(
                Array.ConvertAll(chunk, i => (double)i / Steps), [chunk.Length, .. Enumerable.Repeat(1L, shape.Length)]);
            digests.AddRange(patterns.Digests((t * (to - from).Unsqueeze(0)) + from.Unsqueeze(0)));
        }

        var sampled = digests.Zip(digests.Skip(1)).Count(pair => pair.First != pair.Second);
        var exact = Measure("linear-regions", context).Detail("crossingsPerSegment");

        // Two kinks closer than a step are one change to the sampler: it may miss a few, and finds none that is not there.
        Assert.InRange(exact, sampled, sampled + Math.Max(2, sampled * 0.05));
        Assert.True(sampled > 3, what);

        // And every region between two kinks is affine: the middle of it is the mean of its ends.
        var tracer = new LineTracer(folded);
        double[] kinks = [0, .. tracer.Kinks(from, to), 1];
        var outputs = (int)context.Outputs;
        var atKinks = tracer.Values(from, to, kinks);
        var atMiddles = tracer.Values(from, to, [.. kinks.Zip(kinks.Skip(1), (left, right) => (left + right) / 2)]);
        for (var i = 0; i < atMiddles.Length; i++)
        {
            Assert.InRange(atMiddles[i] - ((atKinks[i] + atKinks[i + outputs]) / 2), -1e-10, 1e-10);
        }
    }

    [Fact]
    public void One_example_has_one_pattern_and_no_crossings()
    {
        var regions = Measure("linear-regions", Perceptron("relu", 3, 5, 2), Gaussian(1, 2, 3));
        Assert.Equal(1, regions.Value);
        Assert.Contains("one example", Assert.Single(regions.Notes));
    }

    [Fact]
    public void Large_networks_have_their_patterns_counted_and_not_their_crossings()
    {
        var regions = Measure("linear-regions", Perceptron("relu", 2, 20_000, 1), Gaussian(5, 2, 2));
        Assert.Equal(5, regions.Value);
        Assert.Equal(20_000, regions.Detail("units"));
        Assert.Contains("too long", Assert.Single(regions.Notes));
        Assert.DoesNotContain(regions.Details, pair => pair.Key.StartsWith("crossings", StringComparison.Ordinal));
    }

    [Fact]
    public void Curved_networks_have_none_and_the_curved_node_is_named() =>
        Assert.Contains(
            "Tanh",
            MeasureCatalogue.Find("linear-regions").Measurement(Context(Perceptron("tanh", 3, 5, 2), Gaussian(2, 2, 3))).NotApplicable);

    [Fact]
    public void Dead_units_and_equal_units_add_no_regions()
    {
        var network = Layer(new double[,] { { 1 }, { 1 }, { 0 }, { 0 } }, [0, 0, -1, 1]);
        var regions = Measure("linear-regions", network, Points([1], -2, -1, 1, 2));
        Assert.Equal(2, regions.Value);
        Assert.InRange(regions.Detail("crossingsPerSegment"), 0, 1);
    }

    // W x + b, ReLU, and the sum.
    private static Network Layer(double[,] W, double[] b) => Graph(
        [W.GetLength(1)],
        [TestGraphs.Node("Gemm", ["x", "W", "b"], ["h"], Attributes.Of(("transB", 1L))), TestGraphs.Node(
            "Relu", ["h"], ["r"]), TestGraphs.Node("MatMul", ["r", "V"], ["y"])],
        ("W", Tensor.FromArray(W.Cast<double>().ToArray(), W.GetLength(0), W.GetLength(1))), ("b", Tensor.FromArray(b, b.Length)),
        ("V", Tensor.Ones([W.GetLength(0), 1], ScalarType.Float64)));
}
