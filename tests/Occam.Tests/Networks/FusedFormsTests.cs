using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks;

/// <summary>Fused nodes as ONNX Runtime's tools write them: taken apart here, and run whole there.</summary>
public sealed class FusedFormsTests
{
    private const long Width = 8;

    private static readonly SortedDictionary<string, (Func<Graph> Make, string Parts)> s_fused = new(StringComparer.Ordinal)
    {
        ["Attention"] = (() => Text(
            [Fused("Attention", ["x", "w", "b"], ("num_heads", 2L))], ("w", Random(2, Width, 24)), ("b", Random(3, 24))),
            "MatMul Add Split MultiHeadAttention"),
        ["Attention of ends"] = (() => Text(
            [Fused("Attention", ["x", "w", "b", "ends"], ("num_heads", 2L))],
            ("w", Random(2, Width, 24)), ("b", Random(3, 24)), ("ends", Tensor.FromArray([3, 2], 2))),
            "MatMul Add Split MultiHeadAttention"),
        ["Attention of ends and beginnings"] = (() => Text(
            [Fused("Attention", ["x", "w", "b", "ends"], ("num_heads", 2L))],
            ("w", Random(2, Width, 24)), ("b", Random(3, 24)), ("ends", Tensor.FromArray([3, 2, 1, 0], 4))),
            "MatMul Add Split MultiHeadAttention"),
        ["Attention of unlike sizes"] = (() => Text(
            [Fused(
                "Attention", ["x", "w", "b", "mask", "", "bias"], ("num_heads", 2L), ("qkv_hidden_sizes", new[] { 8L, 8, 4 }),
                ("unidirectional", 1L), ("scale", 0.6), ("mask_filter_value", -500.0))],
            ("w", Random(2, Width, 20)), ("b", Random(3, 20)), ("mask", Tensor.FromArray([1, 1, 1, 1, 1, 0], 2, 3)),
            ("bias", Random(4, 1, 2, 3, 3))), "MatMul Add Split MultiHeadAttention"),
        ["BiasGelu"] = (() => Text([Fused("BiasGelu", ["x", "b"])], ("b", Random(2, Width))), "Add Gelu"),
        ["EmbedLayerNormalization"] = (() => Tokens(["ids", "", "words", "places", "", "s", "b"], ["y", ""]),
            "Cast Gather Shape Gather Range Gather Add LayerNormalization"),
        ["EmbedLayerNormalization of types"] = (() => Tokens(["ids", "types", "words", "places", "kinds", "s", "b"], ["y", ""]),
            "Cast Gather Shape Gather Range Gather Add Gather Add LayerNormalization"),
        ["FastGelu"] = (() => Text([Fused("FastGelu", ["x", "b"])], ("b", Random(2, Width))), "Add FastGelu"),
        ["FusedConv"] = (() => Text(
            [Fused(
                "FusedConv", ["x", "w", "b"], ("activation", "LeakyRelu"), ("activation_params", new[] { 0.3 }),
                ("pads", new[] { 1L, 1 }))],
            ("w", Random(2, 4, 3, 3)), ("b", Random(3, 4))), "Conv LeakyRelu"),
        ["FusedConv clipped"] = (() => Text(
            [Fused("FusedConv", ["x", "w"], ("activation", "Clip"), ("activation_params", new[] { -0.2, 0.7 }))],
            ("w", Random(2, 4, 3, 3))), "Conv Clip"),
        ["FusedGemm"] = (() => Flat(
            [Fused("FusedGemm", ["x", "w", "b"], ("activation", "Relu"), ("transB", 1L), ("alpha", 0.5))],
            ("w", Random(2, 5, Width)), ("b", Random(3, 5))), "Gemm Relu"),
        ["FusedGemm sloped"] = (() => Flat(
            [Fused("FusedGemm", ["x", "w", "b"], ("activation", "LeakyRelu"), ("activation_alpha", 0.3))],
            ("w", Random(2, Width, 5)), ("b", Random(3, 5))), "Gemm LeakyRelu"),
        ["SkipLayerNormalization"] = (() => Text(
            [Fused("SkipLayerNormalization", ["x", "k", "s", "b", "c"], ("epsilon", 1e-5))],
            ("k", Random(2, 2, 3, Width)), ("s", Random(3, Width)), ("b", Random(4, Width)), ("c", Random(5, Width))),
            "Add Add LayerNormalization"),
        ["SkipLayerNormalization and its sum"] = (() => Text(
            [
                Fused("SkipLayerNormalization", ["x", "k", "s"]) with { Outputs = ["h", "", "", "sum"] },
                TestGraphs.Node("Mul", ["h", "sum"], ["y"]),
            ],
            ("k", Random(2, 2, 3, Width)), ("s", Random(3, Width))), "Add LayerNormalization Mul"),
        ["SkipSimplifiedLayerNormalization"] = (() => Text(
            [
                Fused("SkipSimplifiedLayerNormalization", ["x", "k", "s", "c"]) with { Outputs = ["h", "", "", "sum"] },
                TestGraphs.Node("Mul", ["h", "sum"], ["y"]),
            ],
            ("k", Random(2, 2, 3, Width)), ("s", Random(3, Width)), ("c", Random(5, Width))), "Add Add SimplifiedLayerNormalization Mul"),
        ["TransposeMatMul"] = (() => Text(
            [Fused("TransposeMatMul", ["x", "w"], ("transB", 1L))], ("w", Random(2, 5, Width))), "FusedMatMul"),
    };

    public static TheoryData<string> Names => [.. s_fused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_taken_apart_computes_what_ONNX_Runtime_computes(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var graph = s_fused[name].Make();
        OnnxWriter.Write(graph, folder.File("fused.onnx"));
        long[] shape = [.. graph.Input.Shape.Select(size => size!.Value)];
        var x = name.StartsWith("Embed", StringComparison.Ordinal) ? Tensor.FromArray([3f, 0, 1, 4, 4, 2], 2, 3) : Random(1, shape);
        OnnxRuntimePeer.Agrees(folder.File("fused.onnx"), x);
        var read = OnnxReader.Read(folder.File("fused.onnx"));
        Assert.Equal(s_fused[name].Parts, string.Join(' ', read.Nodes.Select(node => node.OperatorType)));
        Assert.Equal(read.Nodes.Length, read.Nodes.Select(node => node.Name).Distinct().Count());
    }

    /// <summary>ONNX Runtime has it for GPUs alone.</summary>
    [Fact]
    public void A_bias_and_a_skip_are_added()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var (x, bias) = (Random(1, 2, 3, Width), Random(2, Width));
        var read = OnnxFiles.Read(OnnxFiles.Bytes(Text([Fused("BiasAdd", ["x", "b", "x"])], ("b", bias))), folder);
        Assert.Equal("Add Add", string.Join(' ', read.Nodes.Select(node => node.OperatorType)));
        Close.Equal(((x * 2) + bias).Flatten(1), new Network(read).Forward(x.To(ScalarType.Float32)).To(ScalarType.Float64), 1e-6);
    }

    [Theory]
    [InlineData("Attention", "past", "keeps keys and values of before")]
    [InlineData("FusedGemm", "Swoosh", "'Swoosh', which Occam doesn't know")]
    [InlineData("QLinearSoftmax", "", "unknown operator com.microsoft.QLinearSoftmax at node 'QLinearSoftmax'")]
    [InlineData("BiasGelu", "", "has no input 1")]
    public void What_Occam_does_not_run_is_refused_in_one_line(string type, string with, string told)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var node = with switch
        {
            "past" => Fused(type, ["x", "w", "", "", "w"], ("num_heads", 2L)),
            "" => Fused(type, ["x"]),
            _ => Fused(type, ["x", "w"], ("activation", with)),
        };
        var e = Assert.Throws<OccamException>(() => new Network(OnnxFiles.Read(
            OnnxFiles.Bytes(Text([node], ("w", Random(2, Width, 24)))), folder)));
        Assert.Contains(told, e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Fact]
    public void Packed_queries_keys_and_values_are_those_apart()
    {
        using var scope = Libtorch.NewDisposeScope();
        var attributes = Attributes.Of(("num_heads", 2L));
        var (q, k, v) = (Random(1, 2, 3, Width), Random(2, 2, 3, Width), Random(3, 2, 3, Width));
        Tensor ByHead(Tensor x) => x.Reshape(2, 3, 2, 4);
        var expected = new OneNode("com.microsoft.MultiHeadAttention", [q, k, v], attributes).Run();
        var all = Tensor.Stack([ByHead(q), ByHead(k), ByHead(v)], 3);
        Close.Equal(expected, new OneNode("com.microsoft.MultiHeadAttention", [all], attributes).Run());
        var two = Tensor.Stack([ByHead(k), ByHead(v)], 3);
        Close.Equal(expected, new OneNode("com.microsoft.MultiHeadAttention", [q, two], attributes).Run());
    }

    /// <summary>Heads of a whole cache: the last tokens see what all see, given the keys and values of the others.</summary>
    [Theory]
    [InlineData("Attention")]
    [InlineData("com.microsoft.MultiHeadAttention")]
    public void Attention_goes_on_from_a_cache(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (q, k, v) = (Random(1, 2, 5, 8), Random(2, 2, 5, 8), Random(3, 2, 5, 8));
        var attributes = type == "Attention"
            ? Attributes.Of(("q_num_heads", 2L), ("kv_num_heads", 2L), ("is_causal", 1L))
            : Attributes.Of(("num_heads", 2L), ("unidirectional", 1L));
        Tensor ByHead(Tensor x) => x.Reshape(2, -1, 2, 4).Permute(0, 2, 1, 3);
        var whole = new OneNode(type, [q, k, v], attributes, 23).Run();
        Tensor?[] between = type == "Attention" ? [null] : [null, null, null];
        var rest = new OneNode(
            type,
            [
                q.Narrow(1, 3, 2), k.Narrow(1, 3, 2), v.Narrow(1, 3, 2), .. between, ByHead(k.Narrow(1, 0, 3)),
                ByHead(v.Narrow(1, 0, 3)),
            ],
            attributes, 23, outputs: 3);
        Close.Equal(whole.Narrow(1, 3, 2), rest.Run());
        Close.Equal(ByHead(k), rest.Run(output: "output1"));
        Close.Equal(ByHead(v), rest.Run(output: "output2"));
    }

    /// <summary>The fourth output, from the plain scores to the weights.</summary>
    [Fact]
    public void Attention_tells_its_scores_on_the_way()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (q, k, v, mask) = (Random(1, 1, 1, 2, 3), Random(2, 1, 1, 2, 3), Random(3, 1, 1, 2, 3), Random(4, 2, 2));
        Tensor Scores(long mode) => new OneNode(
            "Attention", [q, k, v, mask],
            Attributes.Of(("qk_matmul_output_mode", mode), ("softcap", 2.0), ("is_causal", 1L)), 24, outputs: 4).Run(output: "output3");
        var raw = q.MatMul(k.Transpose(-2, -1)) * (1 / Math.Sqrt(3));
        var capped = (raw * 0.5).Tanh() * 2;
        Close.Equal(raw, Scores(0));
        Close.Equal(capped, Scores(1));
        var masked = (capped + mask).Flatten().ToArray<double>();
        Assert.Equal([masked[0], double.NegativeInfinity, masked[2], masked[3]], Scores(2).Flatten().ToArray<double>().Select((x, i) =>
            Math.Abs(x - masked[i]) < 1e-12 ? masked[i] : x));
        var total = Math.Exp(masked[2]) + Math.Exp(masked[3]);
        Close.Equal(Numbers(1, 0, Math.Exp(masked[2]) / total, Math.Exp(masked[3]) / total), Scores(3).Flatten());
    }

    /// <summary>Each token's scores, masks and softmax written out one by one.</summary>
    [Theory]
    [InlineData(-1, -1, false)]
    [InlineData(-1, -1, true)]
    [InlineData(1, -1, true)]
    [InlineData(0, 2, false)]
    public void Attention_sees_the_keys_of_its_window_mask_and_lengths(int left, int right, bool causal)
    {
        using var scope = Libtorch.NewDisposeScope();
        const int Tokens = 3, Keys = 5, Size = 2;
        long[] lengths = [5, 2];
        var (q, k, v) = (Random(1, 2, 1, Tokens, Size), Random(2, 2, 1, Keys, Size), Random(3, 2, 1, Keys, 1));
        var mask = Random(4, Tokens, Keys - 1);
        var actual = new OneNode(
            "Attention", [q, k, v, mask, null, null, Integers(lengths)],
            Attributes.Of(("is_causal", causal ? 1L : 0), ("left_window_size", (long)left), ("right_window_size", (long)right)), 25).Run();
        var (Q, K, V, M) = (q.ToArray<double>(), k.ToArray<double>(), v.ToArray<double>(), mask.ToArray<double>());
        var expected = new double[2 * Tokens];
        for (var n = 0; n < 2; n++)
        {
            for (var i = 0; i < Tokens; i++)
            {
                double total = 0, sum = 0;
                var place = i + lengths[n] - Tokens;
                for (var j = 0; j < Math.Min(Keys - 1, lengths[n]); j++)
                {
                    if ((causal && j > place) || (left >= 0 && place - left > j) || (right >= 0 && j > place + right))
                    {
                        continue;
                    }

                    var score = M[(i * (Keys - 1)) + j];
                    for (var d = 0; d < Size; d++)
                    {
                        score += Q[(((n * Tokens) + i) * Size) + d] * K[(((n * Keys) + j) * Size) + d] / Math.Sqrt(Size);
                    }

                    total += Math.Exp(score);
                    sum += Math.Exp(score) * V[(n * Keys) + j];
                }

                expected[(n * Tokens) + i] = total == 0 ? 0 : sum / total;
            }
        }

        Close.Equal(Numbers(expected), actual.Flatten());
    }

    private static Node Fused(string type, string[] inputs, params (string, object)[] attributes) =>
        new(type, type, "com.microsoft", [.. inputs], ["y"], Attributes.Of(attributes));

    private static Graph Text(Node[] nodes, params (string Name, Tensor Value)[] stored) => Make([2, 3, Width], nodes, stored);

    private static Graph Flat(Node[] nodes, params (string Name, Tensor Value)[] stored) => Make([4, Width], nodes, stored);

    // Tokens come as numbers, since the peer takes no others.
    private static Graph Tokens(string[] inputs, string[] outputs) => Make(
        [2, 3],
        [
            TestGraphs.Node("Cast", ["x"], ["ids"], Attributes.Of(("to", 6L))),
            Fused("EmbedLayerNormalization", inputs, ("epsilon", 1e-5)) with { Outputs = [.. outputs] },
        ],
        [("types", Tensor.FromArray([0, 1, 1, 0, 0, 0], 2, 3)), ("words", Random(2, 5, Width)), ("places", Random(3, 4, Width)),
        ("kinds", Random(4, 2, Width)), ("s", Random(5, Width)), ("b", Random(6, Width))]);

    private static Graph Make(long?[] shape, Node[] nodes, (string Name, Tensor Value)[] stored) => new()
    {
        Opset = 17,
        Input = new ValueInfo("x", ScalarType.Float32, [.. shape]),
        Outputs = [new ValueInfo("y", ScalarType.Float32, default)],
        Nodes = [.. nodes],
        Initializers = stored.ToImmutableDictionary(
            pair => pair.Name, pair => pair.Value.IsFloatingPoint ? pair.Value.To(ScalarType.Float32) : pair.Value),
    };
}
