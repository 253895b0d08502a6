using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks;

/// <summary>
/// Files of operator sets before 11: from 7 on against ONNX Runtime, which runs no older ones; older ones against what they say.
/// </summary>
public sealed class OlderFormsTests
{
    private static readonly SortedDictionary<string, Func<Graph>> s_since7 = new(StringComparer.Ordinal)
    {
        ["AveragePool 7"] = () => Image(7, [Node("AveragePool", ["x"], ("kernel_shape", new[] { 3L, 2L }), ("strides", new[] { 2L, 1L }))]),
        ["BatchNormalization 7"] = () => Image(
            7, [Node("BatchNormalization", ["x", "s", "b", "m", "v"], ("spatial", 1L), ("momentum", 0.5))],
            ("s", Random(2, 2)), ("b", Random(3, 2)), ("m", Random(4, 2)), ("v", Random(5, 2).Square())),
        ["Cast 7"] = () => Image(7, [Node("Cast", ["x"], ("to", 1L))]),
        ["Clip 6"] = () => Image(9, [Node("Clip", ["x"], ("min", -0.4), ("max", 0.6))]),
        ["Clip 6 above"] = () => Image(9, [Node("Clip", ["x"], ("max", 0.1))]),
        ["Clip 6 without limits"] = () => Image(10, [Node("Clip", ["x"])]),
        ["ConstantOfShape 9"] = () => Image(
            9, [Node("ConstantOfShape", ["sizes"], "c", ("value", Tensor.FromArray([0.3f], 1))), Node("Add", ["x", "c"])],
            ("sizes", Integers(5, 6))),
        ["Dropout 7"] = () => Image(7, [Node("Dropout", ["x"], ("ratio", 0.3))]),
        ["Expand 8"] = () => Image(8, [Node("Expand", ["x", "sizes"])], ("sizes", Integers(3, 1, 1, 1, 1))),
        ["Flatten 1"] = () => Image(8, [Node("Flatten", ["x"], ("axis", 2L))]),
        ["Gemm 7"] = () => Image(
            7, [Node("Flatten", ["x"], "f"), Node("Gemm", ["f", "w", "b"], ("transB", 1L), ("alpha", 0.5))],
            ("w", Random(2, 3, 60)), ("b", Random(3, 1))),
        ["MaxPool 8"] = () => Image(8, [Node("MaxPool", ["x"], ("kernel_shape", new[] { 3L, 2L }), ("pads", new[] { 1L, 0L, 1L, 1L }))]),
        ["PRelu 7"] = () => Image(7, [Node("PRelu", ["x", "s"])], ("s", Random(2, 2, 1, 1))),
        ["Pad 2"] = () => Image(10, [Node("Pad", ["x"], ("pads", new[] { 0L, 0L, 1L, 2L, 0L, 0L, 0L, 3L }), ("value", 0.7))]),
        ["Pad 2 reflected"] = () => Image(
            9, [Node("Pad", ["x"], ("mode", "reflect"), ("pads", new[] { 0L, 0L, 1L, 2L, 0L, 0L, 0L, 3L }))]),
        ["ReduceMean 1"] = () => Image(7, [Node("ReduceMean", ["x"], ("axes", new[] { 2L, 3L }), ("keepdims", 0L))]),
        ["ReduceSum 1"] = () => Image(7, [Node("ReduceSum", ["x"])]),
        ["Reshape 5"] = () => Image(7, [Node("Reshape", ["x", "sizes"])], ("sizes", Integers(0, -1, 3))),
        ["Resize 10"] = () => Image(10, [Node("Resize", ["x", "scales"])], ("scales", Numbers(1, 1, 2, 1.5))),
        ["Resize 10 smaller"] = () => Image(10, [Node("Resize", ["x", "scales"])], ("scales", Numbers(1, 1, 0.6, 0.7))),
        ["Resize 10 smaller and larger"] = () => Image(10, [Node("Resize", ["x", "scales"])], ("scales", Numbers(1, 1, 0.6, 1.7))),
        ["Slice 1"] = () => Image(
            9, [Node("Slice", ["x"], ("axes", new[] { 3L, 1L }), ("starts", new[] { -4L, 0L }), ("ends", new[] { 1000L, -1L }))]),
        ["Slice 1 of the first axes"] = () => Image(7, [Node("Slice", ["x"], ("starts", new[] { 0L, 1L }), ("ends", new[] { 9L, 2L }))]),
        ["Slice 10"] = () => Image(
            10, [Node("Slice", ["x", "from", "to", "axes", "steps"])],
            ("from", Integers(5)), ("to", Integers(0)), ("axes", Integers(3)), ("steps", Integers(-2))),
        ["Softmax 1"] = () => Image(9, [Node("Softmax", ["x"])]),
        ["Split 2"] = () => Image(9, [Node("Split", ["x"], ("axis", 3L), ("split", new[] { 2L, 4L })) is var node
            ? node with { Outputs = ["y", "rest"] } : node]),
        ["Squeeze 1"] = () => Image(
            9, [Node("Unsqueeze", ["x"], "u", ("axes", new[] { 0L, 4L })), Node("Squeeze", ["u"], ("axes", new[] { 4L }))]),
        ["Sum 8"] = () => Image(8, [Node("Sum", ["x", "b", "x"])], ("b", Random(2, 2, 1, 6))),
        ["Upsample 7"] = () => Image(7, [Node("Upsample", ["x"], ("scales", new[] { 1.0, 1, 2, 3 }))]),
        ["Upsample 9"] = () => Image(9, [Node("Upsample", ["x", "scales"], ("mode", "nearest"))], ("scales", Numbers(1, 1, 2, 1))),
    };

    public static TheoryData<string> Since7 => [.. s_since7.Keys];

    [Theory]
    [MemberData(nameof(Since7))]
    public void What_a_file_of_operator_sets_7_to_10_says_ONNX_Runtime_computes(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var graph = s_since7[name]();
        OnnxWriter.Write(graph, folder.File("old.onnx"));
        OnnxRuntimePeer.Agrees(folder.File("old.onnx"), Input());

        // What is written again is a file of today's form.
        var read = OnnxReader.Read(folder.File("old.onnx"));
        Assert.Equal(OlderForms.Version, read.Opset);
        Assert.Equal(graph.Opset, read.FileOpset);
        OnnxWriter.Write(read, folder.File("new.onnx"));
        Close.Equal(OnnxRuntimePeer.Run(folder.File("old.onnx"), Input()), OnnxRuntimePeer.Run(folder.File("new.onnx"), Input()), 1e-6);
    }

    [Fact]
    public void Before_version_7_an_axis_aligned_the_operands()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (x, b, s) = (Input(), Random(2, 2).To(ScalarType.Float32), Random(3, 5, 6).To(ScalarType.Float32));
        var graph = Image(
            6,
            [
                Node("Conv", ["x", "w"], "c", ("kernel_shape", new[] { 1L, 1L })),
                Node("Add", ["c", "b"], "a", ("broadcast", 1L), ("axis", 1L)),
                Node("Mul", ["a", "s"], "m", ("broadcast", 1L), ("axis", 2L)),
                Node("Sub", ["m", "b"], "d", ("broadcast", 1L), ("axis", -3L)),
                Node("PRelu", ["d", "p"], "r"),
                Node("Div", ["r", "two"], ("broadcast", 1L)),
            ],
            ("w", Tensor.Eye(2).Reshape(2, 2, 1, 1)), ("b", b), ("s", s), ("p", b), ("two", Tensor.Full([1], 2)));
        var channels = b.Reshape(2, 1, 1);
        var before = ((x + channels) * s) - channels;
        Close.Equal((before.Where(before.GreaterThan(0), before * channels) * 0.5).To(ScalarType.Float64), Run(graph, x), 1e-6);
    }

    [Fact]
    public void A_bias_that_an_axis_aligned_stays_the_nodes_own()
    {
        using var scope = Libtorch.NewDisposeScope();
        var read = Read(Image(6, [Node("Add", ["x", "b"], ("broadcast", 1L), ("axis", 1L))], ("b", Random(2, 2))));
        Assert.Equal([2, 1, 1], read.Initializers["b"].Shape);
        var network = new Network(read);
        Assert.Equal(2, network.ParameterCount);
        Assert.True(network.Operators[network.Graph.Nodes[0]].IsBias(network.Parameters[0].Input));
    }

    [Fact]
    public void The_first_operator_sets_are_read()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Input();
        Close.Equal(
            Tensor.Cat([x, x], 1).Reshape(-1, 15).To(ScalarType.Float64),
            Run(Image(1, [
                Node("Cast", ["x"], "a", ("to", "FLOAT")), Node("Concat", ["a", "x"], "b", ("consumed_inputs", new[] { 0L, 0L })),
                Node("Reshape", ["b"], ("shape", new[] { -1L, 15L }))]), x));
        Close.Equal(
            (x.Elu(1.6732f, 1.0507f) * 0.5).To(ScalarType.Float64),
            Run(Image(5, [Node("Selu", ["x"], "a"), Node("Affine", ["a"], ("alpha", 0.5))]), x), 1e-6);
        Close.Equal(
            ((x * 0.5) + Tensor.FromArray([3f, -1f], 2, 1, 1)).To(ScalarType.Float64),
            Run(Image(1, [Node("ImageScaler", ["x"], ("scale", 0.5), ("bias", new[] { 3.0, -1.0 }))]), x), 1e-6);
        Close.Equal(
            ((x * 0.5).Tanh() * 3).To(ScalarType.Float64),
            Run(Image(1, [Node("ScaledTanh", ["x"], ("alpha", 3.0), ("beta", 0.5))]), x), 1e-6);
        Close.Equal(
            x.Unsqueeze(3).Unsqueeze(5).Expand(1, 2, 5, 2, 6, 3).Reshape(1, 2, 10, 18).To(ScalarType.Float64),
            Run(Image(1, [Node("Upsample", ["x"], ("height_scale", 2.0), ("width_scale", 3.0))]), x));
    }

    [Fact]
    public void Graphs_inside_nodes_are_renewed_too()
    {
        using var scope = Libtorch.NewDisposeScope();
        var outer = ModelProto.Parser.ParseFrom(OnnxFiles.Bytes(Image(
            9, [Node("Shape", ["x"], "s"), Node("Cast", ["s"], "c", ("to", 9L)), Node("Identity", ["x"])])));
        outer.Graph.Node[1] = new NodeProto { OpType = "ReduceMax", Input = { "x" }, Output = { "m" } };
        outer.Graph.Node[2] = new NodeProto
        {
            OpType = "If",
            Input = { "yes" },
            Output = { "y" },
            Attribute = { Branch("then_branch", "max", 0.25f), Branch("else_branch", "min", 0.5f) },
        };
        outer.Graph.Node[0] = new NodeProto { OpType = "Less", Input = { "m", "zero" }, Output = { "yes" } };
        outer.Graph.Initializer.Add(new TensorProto { Name = "zero", DataType = 1, FloatData = { 0 } });
        var read = OnnxFiles.Read(outer);
        var network = new Network(read);
        Close.Equal(Input().Clamp(0.5, null), network.Run(Input(), [network.Output])[network.Output], 1e-6);

        AttributeProto Branch(string name, string limit, float value)
        {
            NodeProto clip = new() { OpType = "Clip", Input = { "x" }, Output = { name } };
            clip.Attribute.Add(new AttributeProto { Name = limit, Type = AttributeProto.Types.AttributeType.Float, F = value });
            GraphProto graph = new() { Name = name, Node = { clip }, Output = { new ValueInfoProto { Name = name } } };
            return new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };
        }
    }

    [Theory]
    [InlineData("Tile", "Tile from 6 on")]
    [InlineData("Cast", "'NUMBER'")]
    [InlineData("BatchNormalization", "spatial = 0")]
    [InlineData("Add", "axis 3 of 4")]
    [InlineData("Sub", "where the operand is stored")]
    [InlineData("Mul", "can't be told")]
    [InlineData("Upsample", "scales")]
    [InlineData("Resize", "computes its scales")]
    public void What_no_later_version_says_is_refused_in_one_line(string what, string told)
    {
        using var scope = Libtorch.NewDisposeScope();
        (string, object)[] aligned = [("broadcast", 1L), ("axis", 1L)];
        Node[] nodes = what switch
        {
            "Tile" => [Node("Tile", ["x", "s", "s"])],
            "Cast" => [Node("Cast", ["x"], ("to", "NUMBER"))],
            "BatchNormalization" => [Node(what, ["x", "s", "s", "s", "s"], ("spatial", 0L))],
            "Add" => [Node("Add", ["x", "s"], ("broadcast", 1L), ("axis", 3L))],
            "Sub" => [Node("Flatten", ["x"], "f"), Node("Sub", ["x", "f"], aligned)],
            "Mul" => [Node("Expand", ["x", "x"], "f"), Node("Mul", ["f", "s"], aligned)],
            "Resize" => [Node("Shape", ["x"], "scales"), Node("Resize", ["x", "scales"])],
            _ => [Node("Upsample", ["x"])],
        };
        var e = Assert.Throws<OccamException>(() => Read(Image(5, nodes, ("s", Random(1, 5, 6)))));
        Assert.Contains(told, e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    private static Tensor Input() => Random(1, 1, 2, 5, 6).To(ScalarType.Float32);

    private static Graph Read(Graph graph)
    {
        using TemporaryFolder folder = new();
        return OnnxFiles.Read(OnnxFiles.Bytes(graph), folder);
    }

    private static Tensor Run(Graph graph, Tensor x)
    {
        var network = new Network(Read(graph));
        return network.Run(x, [network.Output])[network.Output].To(ScalarType.Float64);
    }

    private static Graph Image(int opset, Node[] nodes, params (string Name, Tensor Value)[] stored) => new()
    {
        Opset = opset,
        Input = new ValueInfo("x", ScalarType.Float32, [1, 2, 5, 6]),
        Outputs = [new ValueInfo("y", ScalarType.Float32, default)],
        Nodes = [.. nodes],
        Initializers = stored.ToImmutableDictionary(
            pair => pair.Name, pair => pair.Value.IsFloatingPoint ? pair.Value.To(ScalarType.Float32) : pair.Value),
    };

    private static Node Node(string type, string[] inputs, params (string, object)[] attributes) => Node(type, inputs, "y", attributes);

    private static Node Node(string type, string[] inputs, string output, params (string, object)[] attributes) =>
        TestGraphs.Node(type, inputs, [output], Attributes.Of(attributes));
}
