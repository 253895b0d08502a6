using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class LossSlopeTests
{
    public static TheoryData<string, Func<Network>, int[], int> Networks => new()
    {
        { "perceptron", () => Perceptron("tanh", 4, 5, 3), [4], 3 },
        { "one output", () => Perceptron("tanh", 4, 5, 1), [4], 2 },
        { "batch normalization, unfolded", () => Cnn("tanh"), [2, 8, 8], 3 },
        { "grouped and strided convolution", () => Grouped(), [4, 5, 5], 4 },
        { "MatMul, Add, Mul and Sub", () => Arithmetic(), [6], 2 },
        { "a layer on parts", () => OnParts(), [6], 2 },
        { "a weight used twice", () => Tied(), [3], 3 },
        { "normalized by example", () => Normalized(), [4], 3 },
        { "a parameter without a rule", () => NormalizedByChannel(), [2, 3], 3 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void It_is_what_finite_differences_over_every_parameter_say(string what, Func<Network> build, int[] shape, int classes)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var (network, data) = (build(), Gaussian(3, classes, shape));
        var context = Context(network, data);
        var x = context.Examples(0, 3);
        var (mean, alone, loss) = Numeric(network, x, data.Labels!);
        var slope = Measure("loss-slope", context);

        // Central differences with step 1e-5 of losses of size 1: gradients to 1e-10, their squares to 1e-8 or so.
        AssertClose(mean, slope.Value, 1e-6);
        AssertClose(alone.Average(), slope.Detail("perExample"), 1e-6);
        AssertClose(loss, slope.Detail("loss"), 1e-12);
        foreach (var (expected, actual) in alone.Zip(slope.PerExample))
        {
            AssertClose(expected, actual, 1e-6);
        }

        AssertClose(slope.Value!.Value, slope.Layers.Sum(layer => layer.Value), 1e-12);
        Assert.Equal(network.Parameters.Select(parameter => parameter.Name), slope.Layers.Select(layer => layer.Name));
        Assert.NotEmpty(what);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_batch_and_single_examples_give_the_same(string what, Func<Network> build, int[] shape, int classes)
    {
        var (network, data) = (build(), Gaussian(9, classes, shape));
        var together = Measure("loss-slope", network, data);
        var alone = Measure("loss-slope", network, data, new MeasureOptions { Batch = 1 });
        AssertClose(alone.Value!.Value, together.Value, 1e-12);
        foreach (var (expected, actual) in alone.PerExample.Zip(together.PerExample))
        {
            AssertClose(expected, actual, 1e-12);
        }

        Assert.NotEmpty(what);
    }

    /// <summary>As large networks are: their gradients would take as much memory as they do.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Some_parameters_at_a_time_give_the_same(string what, Func<Network> build, int[] shape, int classes)
    {
        var (network, data) = (build(), Gaussian(9, classes, shape));
        foreach (var id in new[] { "loss-slope", "implicit-gradient-regularization" })
        {
            var together = Measure(id, network, data);
            var parts = Measure(id, new MeasureContext(new Subject(network) { MostTogether = 1 }, data, new MeasureOptions { Batch = 4 }));
            AssertClose(together.Value!.Value, parts.Value, 1e-12);
            Assert.All(together.Details.Zip(parts.Details), pair => Assert.Equal(
                pair.First.Value, pair.Second.Value, 1e-14 + (1e-10 * Math.Abs(pair.First.Value))));
            Assert.All(together.Layers.Zip(parts.Layers), pair => AssertClose(pair.First.Value, pair.Second.Value, 1e-12));
            Assert.All(together.PerExample.Zip(parts.PerExample), pair => AssertClose(pair.First, pair.Second, 1e-12));
            Assert.Equal(together.Layers.Length, parts.Layers.Length);
        }

        Assert.NotEmpty(what);
    }

    /// <summary>A vocabulary's table that is also, transposed, the last layer's weight; and one of two dense layers beside it.</summary>
    [Theory]
    [InlineData("MatMul", false)]
    [InlineData("MatMul", true)]
    [InlineData("Gemm", false)]
    [InlineData("Gemm", true)]
    public void The_rows_of_a_large_matrix_at_a_time_give_the_same(string product, bool isTransposed)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (words, width) = (11, 3);
        Node[] nodes =
        [
            TestGraphs.Node("Gather", ["table", "ids"], ["e"]), TestGraphs.Node("Tanh", ["e"], ["t"]),
            TestGraphs.Node("ReduceMean", ["t"], ["m"], Attributes.Of(("axes", new[] { 1L }), ("keepdims", 0L))),
            TestGraphs.Node("MatMul", ["m", "W"], ["h"]), TestGraphs.Node("Tanh", ["h"], ["g"]),
            .. product == "MatMul"
                ? (Node[])[
                    TestGraphs.Node("Transpose", ["table"], ["turned"], Attributes.Of(("perm", new[] { 1L, 0 }))),
                    TestGraphs.Node("MatMul", ["g", "turned"], ["y"])]
                : [TestGraphs.Node("Gemm", ["g", "table"], ["y"], Attributes.Of(("transB", 1L), ("alpha", 0.5)))],
        ];
        var W = Random(3, width, width);
        var graph = TestGraphs.Graph([2], nodes, ("table", Random(2, words, width)), ("W", isTransposed ? W.T() : W)) with
        {
            Input = new ValueInfo("ids", ScalarType.Int64, [null, 4]),
        };
        var data = DataSet.FromArrays("ids", [4], [.. Enumerable.Range(0, 20).Select(i => (double)(i * 7 % words))], [0, 5, 10, 3, 5]);
        var loaded = new Network(graph);
        var subjects = new[] { 1L << 23, 8, 4 }.Select(most => new Subject(loaded) { MostTogether = most }).ToArray();
        Assert.Empty(subjects[0].LargeMatrices());
        Assert.Equal("table", Assert.Single(subjects[1].LargeMatrices()).Name);
        Assert.Equal(2, subjects[2].LargeMatrices().Length);
        var all = subjects.Select(subject => Measure("loss-slope", new MeasureContext(subject, data))).ToArray();
        Assert.Equal(2, all[0].Layers.Length);
        foreach (var parts in all[1..])
        {
            AssertClose(all[0].Value!.Value, parts.Value, 1e-12);
            AssertClose(all[0].Detail("loss"), parts.Detail("loss"), 1e-12);
            Assert.Equal(all[0].Layers.Select(layer => layer.Name), parts.Layers.Select(layer => layer.Name));
            Assert.All(all[0].Layers.Zip(parts.Layers), pair => AssertClose(pair.First.Value, pair.Second.Value, 1e-12));
            Assert.All(all[0].PerExample.Zip(parts.PerExample), pair => AssertClose(pair.First, pair.Second, 1e-12));
        }
    }

    [Fact]
    public void Rules_serve_the_usual_layers_and_nothing_that_they_would_get_wrong()
    {
        using var scope = Libtorch.NewDisposeScope();
        bool Served(Network network, int[] shape)
        {
            var context = Context(network, Gaussian(2, 2, shape));
            using var grad = Libtorch.EnableGrad();
            return context.Subject.OfParameters()!.GradientSumAndSquares(context.Examples(0, 2), Tensor.OnesLike) is not null;
        }

        Assert.True(Served(Perceptron("tanh", 4, 5, 3), [4]));
        Assert.True(Served(Cnn(), [2, 8, 8]));
        Assert.True(Served(Residual(), [2, 6, 6]));
        Assert.True(Served(Grouped(), [4, 5, 5]));
        Assert.True(Served(Arithmetic(), [6]));
        Assert.True(Served(OnParts(), [6]));
        Assert.False(Served(Tied(), [3]));
        Assert.True(Served(Normalized(), [4]));
        Assert.False(Served(NormalizedByChannel(), [2, 3]));
    }

    [Fact]
    public void Examples_that_are_fitted_perfectly_keep_the_digits_of_their_tiny_slope()
    {
        // In float32, 1 − p of a logit of 30 is 0; the slope of −log σ(30) by the logit is −σ(−30).
        var network = new Network(TestGraphs.Graph([null, 1], [TestGraphs.Node("Mul", ["x", "w"], ["y"])], ("w", Tensor.Ones([1]))));
        var data = DataSet.FromArrays("one", [1], [30f], [1]);
        var expected = 30 / (1 + Math.Exp(30));
        AssertClose(expected * expected, Value("loss-slope", network, data), 1e-6);
    }

    private static (double Mean, double[] Alone, double Loss) Numeric(Network network, Tensor x, int[] labels)
    {
        const double Step = 1e-5;
        var sums = new double[labels.Length];
        var mean = 0.0;
        foreach (var parameter in network.Parameters)
        {
            var values = parameter.Value.ToArray<double>();
            for (var i = 0; i < values.Length; i++)
            {
                double[] At(double move)
                {
                    using var scope = Libtorch.NewDisposeScope();
                    var moved = (double[])values.Clone();
                    moved[i] += move;
                    var given = new Dictionary<string, Tensor>
                    {
                        [network.Graph.Input.Name] = x,
                        [parameter.Name] = Tensor.FromArray(moved, parameter.Value.Shape),
                    };
                    return Losses(network.Run(given, [network.Output])[network.Output], labels);
                }

                var slopes = At(Step).Zip(At(-Step), (up, down) => (up - down) / (2 * Step)).ToArray();
                mean += Math.Pow(slopes.Average(), 2);
                for (var example = 0; example < sums.Length; example++)
                {
                    sums[example] += slopes[example] * slopes[example];
                }
            }
        }

        return (mean, sums, Losses(network.Forward(x), labels).Average());
    }

    private static double[] Losses(Tensor logits, int[] labels)
    {
        var outputs = (int)(logits.Elements / labels.Length);
        return [.. logits.ToArray<double>().Chunk(outputs).Zip(labels, (z, label) => outputs == 1
            ? Math.Log(1 + Math.Exp(label == 1 ? -z[0] : z[0]))
            : Math.Log(z.Sum(Math.Exp)) - z[label])];
    }

    private static Network Grouped() => Graph(
        [4, 5, 5],
        [
            TestGraphs.Node("Conv", ["x", "w", "b"], ["c"], Attributes.Of(
                ("kernel_shape", new[] { 3L, 2 }), ("strides", new[] { 2L, 1 }), ("dilations", new[] { 1L, 2 }),
                ("pads", new[] { 1L, 0, 0, 1 }), ("group", 2L))),
            TestGraphs.Node("Tanh", ["c"], ["t"]),
            TestGraphs.Node("GlobalAveragePool", ["t"], ["p"]),
            TestGraphs.Node("Flatten", ["p"], ["y"]),
        ],
        ("w", Random(1, 4, 2, 3, 2)), ("b", Random(2, 4)));

    private static Network Arithmetic() => Graph(
        [6],
        [
            TestGraphs.Node("Mul", ["scale", "x"], ["s"]), TestGraphs.Node("MatMul", ["s", "W"], ["m"]),
            TestGraphs.Node("Add", ["m", "b"], ["a"]),
            TestGraphs.Node("Tanh", ["a"], ["t"]), TestGraphs.Node("Sub", ["one", "t"], ["d"]),
            TestGraphs.Node("Gemm", ["d", "V", "c"], ["y"], Attributes.Of(("alpha", 0.5), ("beta", 2.0))),
        ],
        ("scale", Random(1, 1)), ("W", Random(2, 6, 3)), ("b", Random(3, 1, 3)), ("one", Random(4, 3)), ("V", Random(5, 3, 2)),
        ("c", Random(6, 2)));

    private static Network OnParts() => Graph(
        [6],
        [
            TestGraphs.Node("Reshape", ["x", "sizes"], ["r"]), TestGraphs.Node("MatMul", ["r", "W"], ["m"]),
            TestGraphs.Node("Tanh", ["m"], ["t"]),
            TestGraphs.Node("Mul", ["t", "scale"], ["s"]),
            TestGraphs.Node("ReduceSum", ["s", "axes"], ["y"], Attributes.Of(("keepdims", 0L))),
        ],
        ("sizes", Tensor.FromArray([0L, 3, 2], 3)), ("W", Random(2, 2, 2)), ("scale", Random(3, 3, 1)),
        ("axes", Tensor.FromArray([1L], 1)));

    private static Network Tied() => Graph(
        [3],
        [TestGraphs.Node("MatMul", ["x", "W"], ["m"]), TestGraphs.Node("Tanh", ["m"], ["t"]), TestGraphs.Node("MatMul", ["t", "W"], ["y"])],
        ("W", Random(2, 3, 3)));

    private static Network Normalized() => Graph(
        [4],
        [TestGraphs.Node(
            "LayerNormalization", ["x", "g", "h"], ["n"], Attributes.Of(("axis", -1L))), TestGraphs.Node("Gemm", ["n", "W"], ["y"])],
        ("g", Random(1, 4)), ("h", Random(2, 4)), ("W", Random(3, 4, 3)));

    private static Network NormalizedByChannel() => Graph(
        [2, 3],
        [
            TestGraphs.Node("InstanceNormalization", ["x", "g", "h"], ["n"]), TestGraphs.Node("Flatten", ["n"], ["f"]),
            TestGraphs.Node("Gemm", ["f", "W"], ["y"]),
        ],
        ("g", Random(1, 2)), ("h", Random(2, 2)), ("W", Random(3, 6, 3)));

    private static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return Tensor.Randn(shape, generator, ScalarType.Float64);
    }
}
