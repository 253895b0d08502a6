using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Rewrites;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Weights;

public sealed class PathNormTests
{
    private static readonly Dictionary<string, (Network Network, int[] Shape)> s_networks = new()
    {
        ["perceptron"] = (Measuring.Perceptron("relu", 4, 3, 5, 2), [4]),
        ["one layer"] = (Measuring.Perceptron("relu", 4, 3), [4]),
        ["convolutions and poolings"] = (SmallCnn(), [2, 5, 5]),
        ["residual"] = (SmallResidual(), [2, 3, 3]),
    };

    [Theory]
    [InlineData("perceptron")]
    [InlineData("one layer")]
    [InlineData("convolutions and poolings")]
    [InlineData("residual")]
    public void They_are_the_sums_over_all_paths_one_by_one(string name)
    {
        var (network, shape) = s_networks[name];
        var folded = FoldBatchNorm.Apply(network).Network;
        long[] example = [.. shape.Select(size => (long)size)];
        var data = Classified(network, shape);
        var l1 = Measuring.Measure("l1-path-norm", network, data);
        var l2 = Measuring.Measure("l2-path-norm", network, data);
        Measuring.AssertClose(Unrolled.Sum(folded, example, (w, _) => Math.Abs(w)), l1.Value, 1e-12);
        Measuring.AssertClose(Unrolled.Sum(folded, example, (w, _) => w * w), l2.Value, 1e-12);

        // The capacities' terms are in the sums: branches of a residual block differ in depth.
        var γ = l1.Detail("margin");
        Assert.True(γ > 0);
        var twos = Unrolled.Sum(folded, example, (w, units) => Math.Abs(w) * (units > 0 ? 2 : 1));
        Measuring.AssertClose(twos * twos / (γ * γ), l1.Detail("capacity"), 1e-10);
        Measuring.AssertClose(l1.Value!.Value * l1.Value.Value / (γ * γ), l1.Detail("overMargin"), 1e-10);
        Measuring.AssertClose(
            Unrolled.Sum(folded, example, (w, units) => w * w * (units > 0 ? 4 * units : 1)) / (γ * γ), l2.Detail("capacity"), 1e-10);
        Measuring.AssertClose(l2.Value!.Value / (γ * γ), l2.Detail("overMargin"), 1e-10);
        Measuring.AssertClose(Math.Log(l2.Detail("capacity")), l2.Detail("lnCapacity"), 1e-10);
    }

    [Fact]
    public void Rescaling_units_leaves_path_norms_and_margins_and_changes_norms()
    {
        var data = Measuring.Gaussian(40, 3, 2, 8, 8);
        for (var seed = 1; seed <= 5; seed++)
        {
            var network = FoldBatchNorm.Apply(Measuring.Cnn()).Network;
            var rescaled = Rescaled(network, (ulong)seed);
            foreach (var id in new[] { "l1-path-norm", "l2-path-norm", "margin", "geometric-complexity" })
            {
                Measuring.AssertClose(Measuring.Value(id, network, data), Measuring.Value(id, rescaled, data), 1e-10);
            }

            foreach (var id in new[] { "l2-norm", "spectral-norm", "operator-norm", "l1-infinity-norm", "group-norm", "param-norm" })
            {
                Assert.NotInRange(Measuring.Value(id, rescaled, data) / Measuring.Value(id, network, data), 0.99, 1.01);
            }
        }
    }

    [Fact]
    public void Sums_too_large_or_small_for_a_double_have_a_logarithm()
    {
        foreach (var scale in new[] { 1e100, 1e-100 })
        {
            var network = Measuring.Perceptron("relu", 3, 4, 4, 4, 4, 2);
            var scaled = network.WithInitializers(network.Graph.Initializers
                .Where(pair => pair.Value.Dimensions == 2)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value * scale)));
            var data = Measuring.Gaussian(5, 2, 3);
            var expected = Measuring.Measure("l2-path-norm", network, data).Detail("ln") + (10 * Math.Log(scale));
            var result = Measuring.Measure("l2-path-norm", scaled, data);
            Assert.Equal(scale > 1 ? double.PositiveInfinity : 0, result.Value);
            Assert.Equal(expected, result.Detail("ln"), 1e-9);
            Assert.Contains(result.Notes, note => note.Contains("leaves the range"));
        }
    }

    [Fact]
    public void The_published_convention_keeps_biases_and_maxima()
    {
        // max over a window of x² and (2x)², then 3²·max + 0.5², for an input of ones.
        var network = Measuring.Graph(
            [1, 1, 2],
            [
                TestGraphs.Node("Mul", ["x", "scale"], ["scaled"]),
                TestGraphs.Node("MaxPool", ["scaled"], ["most"], Attributes.Of(("kernel_shape", new long[] { 1, 2 }))),
                TestGraphs.Node("Flatten", ["most"], ["flat"]),
                TestGraphs.Node("Gemm", ["flat", "W", "b"], ["y"]),
            ],
            ("scale", Tensor.FromArray([1.0, 2.0], 1, 1, 2)), ("W", Tensor.FromArray([3.0], 1, 1)), ("b", Tensor.FromArray([0.5], 1)));
        var data = Measuring.Points([1, 1, 2], 1, 2);
        Measuring.AssertClose((9 * 4) + 0.25, Measuring.Value("path-norm", network, data), 1e-15);
        Measuring.AssertClose(9 * (4 + 1), Measuring.Value("l2-path-norm", network, data), 1e-15);
        Measuring.AssertClose(3 * (2 + 1), Measuring.Value("l1-path-norm", network, data), 1e-15);
    }

    [Fact]
    public void A_node_that_no_sum_passes_is_named()
    {
        var network = Measuring.Graph(
            [3],
            [TestGraphs.Node("Softmax", ["x"], ["p"]), TestGraphs.Node("MatMul", ["p", "W"], ["y"])],
            ("W", Tensor.FromArray([1.0, 2, 3], 3, 1)));
        var result = MeasureCatalogue.Find("l1-path-norm").Measurement(Measuring.Context(network, Measuring.Points([3], 1, 2, 3)));
        Assert.Null(result.Value);
        Assert.Contains("Softmax 'Softmax:p'", result.NotApplicable);
        Assert.Equal("Softmax:p", Assert.Single(result.Skipped).Node);
    }

    /// <summary>Data that the network classifies as they are labelled, so that the margin is positive.</summary>
    private static DataSet Classified(Network network, int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var data = Measuring.Gaussian(30, 2, shape);
        double[] x = [.. Measuring.Examples(data).SelectMany(example => example)];
        var labels = network.Forward(Tensor.FromArray(x, [30, .. shape])).ArgMax(1).ToArray<long>();
        return DataSet.FromArrays("classified", shape, x, [.. labels.Select(label => (int)label)]);
    }

    private static Network SmallCnn()
    {
        using Generator generator = new(21);
        return Measuring.Shaken(new NetworkBuilder("cnn", [2, 5, 5], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("conv1", 2, 3, padding: 1).BatchNorm("bn1").Activation("act1", "relu").MaxPool("max", 3, 2)
            .Convolution("conv2", 2, 2, stride: 1, padding: 1).Activation("act2", "relu").AveragePool("mean", 2, 1)
            .Flatten("flat").Dense("fc", 2).Build());
    }

    private static Network SmallResidual()
    {
        using Generator generator = new(22);
        var builder = new NetworkBuilder("residual", [2, 3, 3], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("stem", 2, 3, padding: 1).BatchNorm("bn0").Activation("relu0", "relu");
        var start = builder.Here;
        return Measuring.Shaken(builder.Convolution("a", 2, 3, padding: 1, bias: false).BatchNorm("bna").Activation("relua", "relu")
            .Convolution("b", 2, 1, bias: false).BatchNorm("bnb").Add("add", start).Activation("relub", "relu")
            .GlobalAveragePool("pool").Flatten("flat").Dense("fc", 2).Build());
    }

    // Channels of the first convolution times α, of what takes them by 1/α.
    private static Network Rescaled(Network network, ulong seed)
    {
        using Generator generator = new(seed);
        var layers = network.Parameters.Where(parameter => parameter.Value.Dimensions == 4).Select(parameter => parameter.Node).ToArray();
        var (first, second) = (layers[0], layers[1]);
        var α = (Tensor.Randn([network.Graph.Initializers[first.Inputs[1]].Size(0)], generator, ScalarType.Float64) * 1.5).Exp();
        return network.WithInitializers(
        [
            KeyValuePair.Create(first.Inputs[1], network.Graph.Initializers[first.Inputs[1]] * α.Reshape(-1, 1, 1, 1)),
            KeyValuePair.Create(first.Inputs[2], network.Graph.Initializers[first.Inputs[2]] * α),
            KeyValuePair.Create(second.Inputs[1], network.Graph.Initializers[second.Inputs[1]] / α.Reshape(1, -1, 1, 1)),
        ]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Large_weights_are_taken_some_units_at_a_time(int power)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        Tensor Weight(params long[] shape) => Tensor.Randn(shape, generator);
        var (a, b, c, d) = (Weight(300, 6, 30, 30), Weight(900, 1200), Weight(1200, 700), Weight(700, 900));
        var network = Measuring.Graph(
            [6, 32, 32],
            [
                TestGraphs.Node("Conv", ["x", "a", "e"], ["p"]), TestGraphs.Node("Relu", ["p"], ["q"]),
                TestGraphs.Node("GlobalMaxPool", ["q"], ["m"]),
                TestGraphs.Node("Concat", ["m", "m", "m"], ["r"], Attributes.Of(("axis", 1L))), TestGraphs.Node("Flatten", ["r"], ["f"]),
                TestGraphs.Node("Gemm", ["f", "b", "g"], ["s"], Attributes.Of(("alpha", 0.5), ("beta", 2.0))),
                TestGraphs.Node("MatMul", ["s", "c"], ["t"]),
                TestGraphs.Node("Gemm", ["t", "d"], ["y"], Attributes.Of(("transB", 0L))),
            ],
            ("a", a), ("b", b), ("c", c), ("d", d), ("e", Weight(300)), ("g", Weight(1200)));
        Tensor Raised(Tensor tensor) => tensor.To(ScalarType.Float64).Abs().Pow(power);
        var start = Raised(a).Sum([1, 2, 3]) * 9;
        var expected = Tensor.Cat([start, start, start], 0).MatMul(Raised(b * 0.5)).MatMul(Raised(c)).MatMul(Raised(d)).Sum().Item();
        var result = MeasureCatalogue.Find($"l{power}-path-norm").Measurement(new MeasureContext(new Subject(network), null));
        Assert.Equal(expected, result.Value!.Value, 1e-12 * expected);
    }
}
