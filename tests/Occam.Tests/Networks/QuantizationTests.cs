using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Networks.Rewrites;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.TestGraphs;

namespace Occam.Tests.Networks;

/// <summary>Quantized networks: as they are in the file, and as the functions of real numbers that are measured.</summary>
public sealed class QuantizationTests
{
    private const float DataScale = 0.03f;
    private const float HiddenScale = 0.047f;
    private const byte DataZero = 120;
    private const byte HiddenZero = 28;
    private static readonly float[] s_weightScales = [0.01f, 0.02f, 0.015f, 0.012f];

    public static TheoryData<string> Kinds => ["pairs", "operators", "dynamic"];

    // Within the range of the data's whole numbers: −3.6 to 4.05.
    private static Tensor X => OneNode.Random(5, 3, 2, 5, 4).Clamp(-3, 3).To(ScalarType.Float32);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_quantized_network_computes_what_ONNX_Runtime_computes(string kind)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        OnnxRuntimePeer.Agrees(Write(folder, kind), X);
        OnnxRuntimePeer.Agrees(Write(folder, kind), X * 5);
    }

    /// <summary>Where nothing leaves its range, it is the network whose weights are those that the whole numbers stand for.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_measured_is_the_function_in_real_numbers(string kind)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var path = Write(folder, kind);
        var loaded = NetworkLoader.Load(path);
        var network = loaded.Network!;
        var expected = new Network(Real());
        var x = X.RequireGrad();
        var (y, expectedY) = (network.Forward(x), expected.Forward(x));
        Close.Equal(expectedY, y, 1e-5);
        Close.Equal(Autograd.Grad(expectedY.Square().Sum(), x), Autograd.Grad(y.Square().Sum(), x), 1e-4);

        // The file's own differs, by rounding alone.
        var rounded = new Network(OnnxReader.Read(path)).Forward(X);
        Assert.InRange((rounded - y).Abs().AMax([0, 1]).Item(), 1e-6, 0.1);
        Assert.DoesNotContain(network.Graph.Nodes, node => node.OperatorType.Contains("Quantize", StringComparison.Ordinal)
            || node.OperatorType.Contains("Integer", StringComparison.Ordinal) || node.OperatorType.StartsWith('Q'));
        Assert.Contains(loaded.Notes, note => note.StartsWith("measured as the dequantized function", StringComparison.Ordinal));

        Assert.Equal(expected.ParameterCount, network.ParameterCount);
        Assert.Null(network.FirstCurvedNode());
    }

    [Fact]
    public void Beyond_its_range_a_number_is_limited_and_passes_no_derivative()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = new Network(Dequantization.Apply(Graph(
            [null, 3],
            [Node("QuantizeLinear", ["x", "s", "z"], ["q"]), Node("DequantizeLinear", ["q", "s", "z"], ["y"])],
            Data)).Graph);
        var x = Tensor.FromArray([-100f, 0.2f, 100], 1, 3).RequireGrad();
        var y = network.Run(x, ["y"])["y"];
        Close.Equal(OneNode.Numbers(-120 * (double)DataScale, 0.2f, 135 * (double)DataScale), y.Reshape(-1).To(ScalarType.Float64), 1e-6);
        Close.Equal(OneNode.Numbers(0, 1, 0), Autograd.Grad(y.Sum(), x).Reshape(-1).To(ScalarType.Float64));
    }

    [Fact]
    public void A_look_up_in_a_quantized_table_is_one_in_the_real_table()
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = Graph(
            [null, 3],
            [Node("Gather", ["t", "x"], ["q"]), Node("DequantizeLinear", ["q", "s", "z"], ["y"])],
            [.. Data, ("t", Tensor.FromArray(new byte[] { 1, 200, 120, 7, 8, 9 }, 3, 2))]);
        graph = graph with { Input = new ValueInfo("x", ScalarType.Int64, [null, 3]) };
        var (real, note) = Dequantization.Apply(graph);
        Assert.Null(note);
        Assert.Equal(6, new Network(real).ParameterCount);
        Assert.Equal("Gather", Assert.Single(real.Nodes).OperatorType);
        var ids = Tensor.FromArray([2L, 0, 1, 1, 0, 2], 2, 3);
        Close.Equal(new Network(graph).Run(ids, ["y"])["y"], new Network(real).Run(ids, ["y"])["y"]);
    }

    [Fact]
    public void What_cannot_be_dequantized_stays_and_is_said()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (graph, note) = Dequantization.Apply(Graph(
            [null, 3], [Node("QuantizeLinear", ["x", "s", "z"], ["q"]), Node("Cast", ["q"], ["y"], Attributes.Of(("to", 1L)))], Data));
        Assert.EndsWith("1 quantization stays, through which no derivative passes", note, StringComparison.Ordinal);
        Assert.DoesNotContain("y", new Network(graph).Differentiable);
        Assert.Null(Dequantization.Apply(Mlp()).Note);
    }

    [Theory]
    [InlineData(2, 0, 255)]
    [InlineData(3, -128, 127)]
    [InlineData(4, 0, 65535)]
    [InlineData(5, -32768, 32767)]
    public void The_named_type_limits_what_is_quantized(int type, long least, long greatest)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode(
            "QuantizeLinear", [OneNode.Numbers(-1e9, -2.5, 1.5, 1e9), OneNode.Numbers(1)], Attributes.Of(("output_dtype", (long)type)),
            opset: 21);
        Assert.Equal([least, Math.Max(least, -2), 2, greatest], node.Run().ToArray<long>());
    }

    [Fact]
    public void Scales_in_blocks_are_those_of_each_block()
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode(
            "DequantizeLinear",
            [Tensor.FromArray([1L, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2, 5), OneNode.Numbers(1, 10, 100, 1000, 1e4, 1e5).Reshape(2, 3)],
            Attributes.Of(("axis", 1L), ("block_size", 2L)), opset: 21, varying: 1);
        Assert.Equal([1, 2, 30, 40, 500, 6000, 7000, 8e4, 9e4, 1e6], node.Run().ToArray<double>());
    }

    public static TheoryData<string> Fused =>
    [
        "QLinearSigmoid", "QLinearLeakyRelu", "QLinearGlobalAveragePool", "QLinearAveragePool", "QLinearAdd", "QLinearMul",
        "QLinearConcat", "QGemm", "DynamicQuantizeMatMul", "MatMulIntegerToFloat",
    ];

    /// <summary>What ONNX Runtime has of its own, beside what its parts compute in real numbers.</summary>
    [Theory]
    [MemberData(nameof(Fused))]
    public void Quantized_functions_compute_what_ONNX_Runtime_computes(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var graph = Fusion(type);
        OnnxWriter.Write(graph, folder.File("model.onnx"));
        OnnxRuntimePeer.Agrees(folder.File("model.onnx"), X);
        var (real, note) = Dequantization.Apply(graph);
        Assert.DoesNotContain("stay", note, StringComparison.Ordinal);
        var measured = new Network(real);
        var (rounded, y) = (new Network(graph).Forward(X), measured.Forward(X));
        Assert.InRange((rounded - y).Abs().AMax([0, 1]).Item(), 1e-7, 0.2);
        Assert.Contains(measured.Output, measured.Differentiable);
    }

    private static Graph Fusion(string type)
    {
        Node Own(string[] inputs, params (string, object)[] attributes) =>
            Node(type, inputs, ["q"], Attributes.Of(attributes)) with { Domain = "com.microsoft" };
        Node[] quantized = [Node("QuantizeLinear", ["x", "s", "z"], ["xq"])];
        Node[] rows = [Node("Flatten", ["x"], ["r"]), Node("QuantizeLinear", ["r", "s", "z"], ["rq"])];
        Node back = Node("DequantizeLinear", ["q", "hs", "hz"], ["y"]);
        Node[] Rows(Node own) => [.. rows, own, Node("Identity", ["q"], ["y"])];
        return Graph(
            [null, 2, 5, 4],
            type switch
            {
                "QLinearAdd" or "QLinearMul" => [.. quantized, Own(["xq", "s", "z", "xq", "s", "z", "hs", "hz"]), back],
                "QLinearConcat" => [.. quantized, Own(["hs", "hz", "xq", "s", "z", "xq", "s", "z"], ("axis", 1L)), back],
                "QLinearAveragePool" => [.. quantized, Own(["xq", "s", "z", "hs", "hz"], ("kernel_shape", new[] { 2L, 2L })), back],
                "QLinearLeakyRelu" => [.. quantized, Own(["xq", "s", "z", "hs", "hz"], ("alpha", 0.2)), back],
                "QGemm" => Rows(Own(["rq", "s", "z", "u", "us", "uz", "d"])),
                "MatMulIntegerToFloat" => Rows(Own(["rq", "u", "s", "us", "z", "uz", "e"])),
                "DynamicQuantizeMatMul" => Rows(Own(["r", "u", "us", "uz", "e"])),
                _ => [.. quantized, Own(["xq", "s", "z", "hs", "hz"]), back],
            },
            [
                .. Data,
                ("u", Tensor.FromArray([.. Enumerable.Range(0, 40 * 3).Select(i => (sbyte)((i * 29 % 41) - 20))], 40, 3)),
                ("us", Tensor.FromArray([0.02f]).Reshape()), ("uz", Tensor.FromArray([(sbyte)3]).Reshape()),
                ("d", Tensor.FromArray([900, -700, 50], 3)), ("e", Tensor.FromArray([0.5f, -0.3f, 0.1f], 3)),
            ]);
    }

    private static (string, Tensor)[] Data =>
    [
        ("s", Tensor.FromArray([DataScale]).Reshape()), ("z", Tensor.FromArray([DataZero]).Reshape()),
        ("hs", Tensor.FromArray([HiddenScale]).Reshape()), ("hz", Tensor.FromArray([HiddenZero]).Reshape()),
    ];

    private static (string, Tensor)[] Weights =>
    [
        ("w", Tensor.FromArray([.. Enumerable.Range(0, 72).Select(i => (sbyte)((i * 37 % 101) - 50))], 4, 2, 3, 3)),
        ("ws", Tensor.FromArray(s_weightScales, 4)), ("wz", Tensor.FromArray(new sbyte[4], 4)),
        ("b", Tensor.FromArray([400, -300, 200, 100], 4)),
        ("v", Tensor.FromArray([.. Enumerable.Range(0, 24 * 3).Select(i => (sbyte)((i * 29 % 41) - 20))], 24, 3)),
        ("vs", Tensor.FromArray([0.02f]).Reshape()), ("vz", Tensor.FromArray([(sbyte)3]).Reshape()),
    ];

    private static Attributes Axis(long axis) => Attributes.Of(("axis", axis));

    private static string Write(TemporaryFolder folder, string kind)
    {
        OnnxWriter.Write(kind switch { "pairs" => Pairs(), "operators" => Operators(), _ => Dynamic() }, folder.File($"{kind}.onnx"));
        return folder.File($"{kind}.onnx");
    }

    // A convolution, a ReLU, a product; the whole numbers between are moved as they are.
    private static Graph Pairs() => Graph(
        [null, 2, 5, 4],
        [
            Node("QuantizeLinear", ["x", "s", "z"], ["xq"]), Node("DequantizeLinear", ["xq", "s", "z"], ["xr"]),
            Node("DequantizeLinear", ["w", "ws", "wz"], ["wr"], Axis(0)), Node("DequantizeLinear", ["b", "bs"], ["br"], Axis(0)),
            Node("Conv", ["xr", "wr", "br"], ["c"]), Node("Relu", ["c"], ["h"]),
            Node("QuantizeLinear", ["h", "hs", "hz"], ["hq"]), Node("Flatten", ["hq"], ["fq"]),
            Node("DequantizeLinear", ["fq", "hs", "hz"], ["fr"]),
            Node("DequantizeLinear", ["v", "vs", "vz"], ["vr"]), Node("MatMul", ["fr", "vr"], ["y"]),
        ],
        [.. Data, .. Weights, ("bs", Tensor.FromArray(Array.ConvertAll(s_weightScales, scale => scale * DataScale), 4))]);

    private static Graph Operators() => Graph(
        [null, 2, 5, 4],
        [
            Node("QuantizeLinear", ["x", "s", "z"], ["xq"]),
            Node("QLinearConv", ["xq", "s", "z", "w", "ws", "wz", "hs", "hz", "b"], ["cq"]),
            Node("DequantizeLinear", ["cq", "hs", "hz"], ["c"]), Node("Relu", ["c"], ["h"]),
            Node("QuantizeLinear", ["h", "hs", "hz"], ["hq"]),
            Node("Reshape", ["hq", "sizes"], ["fq"]),
            Node("QLinearMatMul", ["fq", "hs", "hz", "v", "vs", "vz", "ys", "yz"], ["yq"]),
            Node("DequantizeLinear", ["yq", "ys", "yz"], ["y"]),
        ],
        [
            .. Data, .. Weights, ("sizes", OneNode.Integers(0, -1)),
            ("ys", Tensor.FromArray([0.2f]).Reshape()), ("yz", Tensor.FromArray([(byte)128]).Reshape()),
        ]);

    private static Graph Dynamic() => Graph(
        [null, 2, 5, 4],
        [
            Node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]), Node("ConvInteger", ["xq", "w", "xz", "wz1"], ["ci"]),
            Node("Cast", ["ci"], ["cf"], Attributes.Of(("to", 1L))), Node("Mul", ["xs", "ws4"], ["cs"]), Node("Mul", ["cf", "cs"], ["cp"]),
            Node("Add", ["cp", "bf"], ["c"]), Node("Relu", ["c"], ["h"]), Node("Flatten", ["h"], ["f"]),
            Node("DynamicQuantizeLinear", ["f"], ["fq", "fs", "fz"]), Node("MatMulInteger", ["fq", "v", "fz", "vz"], ["yi"]),
            Node("Cast", ["yi"], ["yf"], Attributes.Of(("to", 1L))), Node("Mul", ["vs", "fs"], ["ss"]), Node("Mul", ["ss", "yf"], ["y"]),
        ],
        [
            .. Data, .. Weights, ("wz1", Tensor.FromArray([(sbyte)0]).Reshape()), ("ws4", Tensor.FromArray(s_weightScales, 4, 1, 1)),
            ("bf", RealBias.Reshape(4, 1, 1)),
        ]);

    private static Tensor RealBias => Tensor.FromArray(
        [.. new[] { 400, -300, 200, 100 }.Zip(s_weightScales, (bias, scale) => bias * scale * DataScale)], 4);

    private static Graph Real()
    {
        var stored = Weights.ToDictionary(pair => pair.Item1, pair => pair.Item2.To(ScalarType.Float32));
        return Graph(
            [null, 2, 5, 4],
            [
                Node("Conv", ["x", "w", "b"], ["c"]), Node("Relu", ["c"], ["h"]), Node("Flatten", ["h"], ["f"]),
                Node("MatMul", ["f", "v"], ["y"]),
            ],
            ("w", stored["w"] * stored["ws"].Reshape(4, 1, 1, 1)), ("b", RealBias), ("v", (stored["v"] - 3) * 0.02));
    }
}
