using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Rewrites;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class FoldBatchNormTests
{
    private const ScalarType Double = ScalarType.Float64;
    private static readonly string[] s_statistics = ["gamma", "beta", "mean", "variance"];

    [Fact]
    public void Folding_ResNet18_keeps_the_function_and_leaves_no_normalization()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        Network network = Randomized(ResNet18.Build(InitializationScheme.PyTorch, generator, 4, type: Double), generator);
        Folding folding = AssertSameFunction(network, [3, 32, 32]);
        Assert.Empty(folding.Left);
        Assert.Equal(20, folding.Folded.Length);
        Assert.Contains(new FoldedNode("bn1", "conv1"), folding.Folded);
        Assert.DoesNotContain(folding.Network.Graph.Nodes, node => node.OperatorType == "BatchNormalization");
        Assert.DoesNotContain(folding.Network.Graph.Initializers.Keys, name => name.Contains("running"));
    }

    [Fact]
    public void Folding_VGG_keeps_the_function()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(2);
        Assert.Equal(8, AssertSameFunction(
            Randomized(Vgg.Build(InitializationScheme.He, generator, 0.1, type: Double), generator), [3, 32, 32]).Folded.Length);
    }

    [Fact]
    public void Float32_folds_in_float64()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        Network network = Randomized(ResNet18.Build(InitializationScheme.PyTorch, generator, 2), generator);
        Tensor folded = FoldBatchNorm.Apply(network).Network.Graph.Initializers["conv1.weight"];
        Tensor exact = FoldBatchNorm.Apply(network.To(Double, Device.Cpu)).Network.Graph.Initializers["conv1.weight"];
        Assert.Equal(exact.To(ScalarType.Float32).ToArray<float>(), folded.ToArray<float>());
    }

    [Theory]
    [InlineData("Gemm", "")]
    [InlineData("Gemm with factors", "")]
    [InlineData("Gemm untransposed", "")]
    [InlineData("MatMul", "")]
    [InlineData("MatMul and bias", "")]
    [InlineData("bias and MatMul", "")]
    [InlineData("into Gemm", "")]
    [InlineData("into MatMul", "")]
    [InlineData("into two", "")]
    [InlineData("sum", "a sum of two values that change with the data, and its output goes to Relu")]
    [InlineData("input of Relu", "it takes the network's input, and its output goes to Relu")]
    [InlineData("shared producer", "is used elsewhere too")]
    [InlineData("negative variance", "variance is negative")]
    [InlineData("output", "its output is the network's")]
    public void Dense_layers_take_normalizations_in_where_that_is_exact(string what, string why)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        AssertFolds(Dense(what, generator), [5], why);
    }

    [Theory]
    [InlineData("Conv in groups", "")]
    [InlineData("ConvTranspose in groups", "")]
    [InlineData("into Conv in groups", "")]
    [InlineData("into padded Conv", "pads with zeros")]
    [InlineData("into SAME Conv", "pads with zeros")]
    [InlineData("without shift into padded Conv", "")]
    [InlineData("through Flatten", "")]
    [InlineData("one dimension", "")]
    public void Convolutions_take_normalizations_in_where_that_is_exact(string what, string why)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(4);
        AssertFolds(Convolutional(what, generator), what == "one dimension" ? [4, 9] : [4, 6, 7], why);
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_copied()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(5);
        Graph graph = WithNorm("n", 5, generator, TestGraphs.Graph(
            [null, 5],
            [
                Node("Gemm", ["x", "w"], "h", ("transB", 1L)),
                Norm("h", "n"),
                Node("Relu", ["n"], "r"),
                Node("Gemm", ["r", "w"], "y", ("transB", 1L)),
            ],
            ("w", Tensor.Randn([5, 5], generator, Double))));
        Network network = new(graph);
        Folding folding = AssertSameFunction(network, [5]);
        Assert.Equal(TestGraphs.Bits(graph.Initializers["w"]), TestGraphs.Bits(folding.Network.Graph.Initializers["w"]));
        Assert.Single(folding.Folded);
    }

    [Fact]
    public void The_network_itself_is_left_alone()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(6);
        Network network = Randomized(ResNet18.Build(InitializationScheme.PyTorch, generator, 1, type: Double), generator);
        string before = TestGraphs.Describe(network.Graph);
        FoldBatchNorm.Apply(network);
        Assert.Equal(before, TestGraphs.Describe(network.Graph));
    }

    private static Graph Dense(string what, Generator generator)
    {
        (string, Tensor) w = ("w", Tensor.Randn([4, 5], generator, Double)), wT = ("w", Tensor.Randn([5, 4], generator, Double));
        (string, Tensor) b = ("b", Tensor.Randn([4], generator, Double));
        Graph After(Node[] layer, params (string, Tensor)[] stored) =>
            WithNorm("n", 4, generator, TestGraphs.Graph([null, 5], [.. layer, Norm("h", "n"), Node("Tanh", ["n"], "y")], stored));
        Graph Before(Node[] layers, params (string, Tensor)[] stored) =>
            WithNorm("n", 5, generator, TestGraphs.Graph([null, 5], [Norm("x", "n"), .. layers], stored));
        return what switch
        {
            "Gemm" => After([Node("Gemm", ["x", "w", "b"], "h", ("transB", 1L))], w, b),
            "Gemm with factors" => After([Node("Gemm", ["x", "w", "b"], "h", ("transB", 1L), ("alpha", 0.5), ("beta", 3.0))], w, b),
            "Gemm untransposed" => After([Node("Gemm", ["x", "w"], "h")], wT),
            "MatMul" => After([Node("MatMul", ["x", "w"], "h")], wT),
            "MatMul and bias" => After([Node("MatMul", ["x", "w"], "m"), Node("Add", ["m", "b"], "h")], wT, b),
            "bias and MatMul" =>
                After([Node("MatMul", ["x", "w"], "m"), Node("Add", ["b", "m"], "h")], wT, ("b", Tensor.Randn([1, 1], generator, Double))),
            "sum" => WithNorm("n", 5, generator, TestGraphs.Graph(
                [null, 5], [Node("Tanh", ["x"], "t"), Node("Add", ["x", "t"], "h"), Norm("h", "n"), Node("Relu", ["n"], "y")])),
            "shared producer" => After([Node("Gemm", ["x", "w"], "h", ("transB", 1L)), Node("Relu", ["h"], "unused")], w),
            "into Gemm" => Before([Node("Gemm", ["n", "w", "b"], "y", ("transB", 1L), ("alpha", 2.0), ("beta", 0.5))], w, b),
            "into MatMul" => Before([Node("MatMul", ["n", "w"], "y")], wT),
            "into two" => Before([Node("MatMul", ["n", "w"], "h"), Node("Gemm", ["n", "w"], "g"), Node("Mul", ["g", "h"], "y")], wT),
            "input of Relu" => Before([Node("Relu", ["n"], "y")]),
            "output" => Before([]),
            "negative variance" => After([Node("Gemm", ["x", "w"], "h", ("transB", 1L))], w) is var graph
                ? graph with { Initializers = graph.Initializers.SetItem("n.variance", graph.Initializers["n.variance"] * -1.0) } : null!,
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static Graph Convolutional(string what, Generator generator)
    {
        (string, Tensor) W(params long[] shape) => ("w", Tensor.Randn(shape, generator, Double));
        (string, Tensor) B(long channels) => ("b", Tensor.Randn([channels], generator, Double));
        Graph After(long channels, Node layer, params (string, Tensor)[] stored) => WithNorm(
            "n", channels, generator, TestGraphs.Graph([null, 4, 6, 7], [layer, Norm("h", "n"), Node("Tanh", ["n"], "y")], stored));
        Graph Before(Node[] layers, params (string, Tensor)[] stored) =>
            WithNorm("n", 4, generator, TestGraphs.Graph([null, 4, 6, 7], [Node("Tanh", ["x"], "t"), Norm("t", "n"), .. layers], stored));
        long[] padding = [1, 1, 1, 1];
        return what switch
        {
            "Conv in groups" => After(6, Node("Conv", ["x", "w", "b"], "h", ("group", 2L), ("pads", padding)), W(6, 2, 3, 3), B(6)),
            "ConvTranspose in groups" =>
                After(6, Node("ConvTranspose", ["x", "w", "b"], "h", ("group", 2L), ("strides", new[] { 2L, 2L })), W(4, 3, 3, 3), B(6)),
            "into Conv in groups" => Before([Node("Conv", ["n", "w", "b"], "y", ("group", 2L))], W(6, 2, 3, 3), B(6)),
            "into padded Conv" => Before([Node("Conv", ["n", "w"], "y", ("pads", padding))], W(6, 4, 3, 3)),
            "into SAME Conv" => Before([Node("Conv", ["n", "w"], "y", ("auto_pad", "SAME_UPPER"))], W(6, 4, 3, 3)),
            "without shift into padded Conv" => WithoutShift(Before([Node("Conv", ["n", "w"], "y", ("pads", padding))], W(6, 4, 3, 3))),
            "through Flatten" =>
                Before([Node("Flatten", ["n"], "f"), Node("Gemm", ["f", "w", "b"], "y", ("transB", 1L))], W(3, 4 * 6 * 7), B(3)),
            "one dimension" => WithNorm(
                "n", 3, generator,
                TestGraphs.Graph([null, 4, 9], [Node("Conv", ["x", "w"], "h"), Norm("h", "n"), Node("Relu", ["n"], "y")], W(3, 4, 3))),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };

        static Graph WithoutShift(Graph graph) => graph with
        {
            Initializers = graph.Initializers
                .SetItem("n.mean", Tensor.ZerosLike(graph.Initializers["n.mean"]))
                .SetItem("n.beta", Tensor.ZerosLike(graph.Initializers["n.beta"])),
        };
    }

    private static Node Node(string type, string[] inputs, string output, params (string, object)[] attributes) =>
        TestGraphs.Node(type, inputs, [output], Attributes.Of(attributes));

    private static Node Norm(string input, string output) =>
        Node("BatchNormalization", [input, .. s_statistics.Select(part => $"{output}.{part}")], output, ("epsilon", 1e-3));

    private static Graph WithNorm(string name, long channels, Generator generator, Graph graph) => graph with
    {
        Initializers = graph.Initializers.AddRange(
            s_statistics.Select(part => KeyValuePair.Create($"{name}.{part}", Statistic(part, [channels], generator, Double)))),
    };

    private static Tensor Statistic(string part, long[] shape, Generator generator, ScalarType type) =>
        part.Contains("var") ? Tensor.Rand(shape, generator, type) + 0.5 : Tensor.Randn(shape, generator, type);

    // Fresh normalizations shift and scale nothing; these do.
    private static Network Randomized(Network network, Generator generator) => network.WithInitializers(
        network.Graph.Nodes.Where(node => node.OperatorType == "BatchNormalization").SelectMany(node => node.Inputs.Skip(1)).ToArray()
            .Select(name => KeyValuePair.Create(name, Statistic(name, network.Graph.Initializers[name].Shape, generator, network.Type))));

    private static void AssertFolds(Graph graph, long[] exampleShape, string why)
    {
        if (why.Contains("negative"))
        {
            Assert.Contains(why, FoldBatchNorm.Apply(new Network(graph)).Left.Single().Why);
            return;
        }

        Folding folding = AssertSameFunction(new Network(graph), exampleShape);
        if (why.Length == 0)
        {
            Assert.Empty(folding.Left);
            Assert.Equal(["n"], folding.Folded.Select(folded => folded.Node.Split(':')[1]));
            Assert.DoesNotContain(folding.Network.Graph.Nodes, node => node.OperatorType == "BatchNormalization");
        }
        else
        {
            Assert.Empty(folding.Folded);
            Assert.Contains(why, Assert.Single(folding.Left).Why);
        }
    }

    private static Folding AssertSameFunction(Network network, long[] exampleShape)
    {
        using Generator generator = new(9);
        Tensor x = Tensor.Randn([3, .. exampleShape], generator, Double);
        Folding folding = FoldBatchNorm.Apply(network);
        Tensor expected = network.Forward(x);
        Tensor difference = (folding.Network.Forward(x) - expected).Norm() / expected.Norm();
        Assert.InRange(difference.Item(), 0, 1e-12);
        return folding;
    }
}
