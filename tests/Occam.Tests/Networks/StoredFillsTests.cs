using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Weights of which a file holds the shape and one number: they are weights all the same, and other constants are none.</summary>
public sealed class StoredFillsTests
{
    [Fact]
    public void What_layers_take_counts_and_computes_as_if_it_were_stored()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        Node[] layers =
        [
            TestGraphs.Node("Conv", ["x", "kernel", "bias"], ["c"]),
            TestGraphs.Node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n"]),
            TestGraphs.Node("Unsqueeze", ["factor", "places"], ["factor.places"]), TestGraphs.Node("Mul", ["n", "factor.places"], ["m"]),
            TestGraphs.Node("PRelu", ["m", "slope"], ["p"]), TestGraphs.Node("Flatten", ["p"], ["f"]),
            TestGraphs.Node("Reshape", ["table", "sizes"], ["matrix"]), TestGraphs.Node("Gemm", ["f", "matrix", "offset"], ["g"]),
            TestGraphs.Node("MatMul", ["g", "square"], ["s"]), TestGraphs.Node("MatMul", ["s", "square"], ["t"]),
            TestGraphs.Node("LayerNormalization", ["t", "gain"], ["l"]), TestGraphs.Node("Add", ["l", "last"], ["y"]),
        ];
        (string Name, float Value, long[] Shape)[] weights =
        [
            ("kernel", 0.2f, [4, 2, 3, 3]), ("bias", -0.1f, [4]), ("scale", 1.5f, [4]), ("shift", 0.3f, [4]), ("factor", 0.7f, [4]),
            ("slope", 0.1f, [4, 1, 1]), ("table", 0.05f, [1, 1, 16, 5]), ("offset", 0.2f, [5]), ("square", 0.4f, [5, 5]),
            ("gain", 1.1f, [5]), ("last", -0.6f, [5]),
        ];
        (string Name, float Value, long[] Shape)[] statistics = [("mean", 0.25f, [4]), ("variance", 2, [4])];
        (string, Tensor)[] sizes = [("places", Tensor.FromArray([1L, 2L], 2)), ("sizes", Tensor.FromArray([16L, 5L], 2))];
        Graph Written((string Name, float Value, long[] Shape)[] named, bool filled)
        {
            var graph = TestGraphs.Graph(
                [null, 2, 4, 4],
                filled ? [.. named.SelectMany((fill, i) => Fill(fill, fromNode: i % 2 == 0)), .. layers] : layers,
                filled ? [.. named.Select(fill => ($"{fill.Name}.shape", Shape(fill.Shape))), .. sizes]
                    : [.. named.Select(fill => (fill.Name, Tensor.Full(fill.Shape, fill.Value, ScalarType.Float32))), .. sizes]);
            OnnxWriter.Write(graph, folder.File("net.onnx"));
            return OnnxReader.Read(folder.File("net.onnx"));
        }

        var filled = new Network(Written([.. weights, .. statistics], true));
        var stored = new Network(Written([.. weights, .. statistics], false));
        var expected = weights.Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size));
        Assert.Equal(72 + (4 * 5) + 80 + 5 + 25 + 5 + 5, expected);
        Assert.Equal(expected, stored.ParameterCount);
        Assert.Equal(expected, filled.ParameterCount);
        Assert.Equal(
            stored.Parameters.Select(parameter => parameter.Name), filled.Parameters.Select(parameter => parameter.Name));
        var x = OneNode.Random(7, 3, 2, 4, 4).To(ScalarType.Float32);
        Close.Equal(stored.Forward(x), filled.Forward(x), 1e-6);
        Assert.Equal(expected, NetworkLoader.Load(folder.File("net.onnx")).ParameterCount);
    }

    [Fact]
    public void Other_constants_stay_constants()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        (string Name, float Value, long[] Shape)[] fills =
        [
            ("zeros", 0, [1, 3, 2]), ("mask", -1, [3, 4]), ("grid", 2, [3, 4]), ("most", 0.5f, [4]), ("state", 0, [1, 1, 2]),
            ("one", 3, [1]), ("computed", 1, [4]),
        ];
        var nodes = new List<Node>(fills.SelectMany((fill, i) => Fill(fill, fromNode: i % 2 == 0)))
        {
            TestGraphs.Node("Concat", ["x", "zeros"], ["c"], Attributes.Of(("axis", 2L))), TestGraphs.Node("Add", ["c", "mask"], ["a"]),
            TestGraphs.Node("Mul", ["a", "grid"], ["b"]), TestGraphs.Node("Min", ["b", "most"], ["m"]),
            TestGraphs.Node("Mul", ["m", "one"], ["o"]),

            // Its length is that of the data.
            TestGraphs.Node("Shape", ["o"], ["all"], Attributes.Of(("start", 2L))),
            TestGraphs.Node("ConstantOfShape", ["all"], ["like"]), TestGraphs.Node("Add", ["o", "like"], ["p"]),
            TestGraphs.Node("Add", ["p", "computed"], ["y"]),
        };
        var graph = TestGraphs.Graph(
            [1, 3, 2], nodes, [.. fills.Select(fill => ($"{fill.Name}.shape", Shape(fill.Shape)))]);
        OnnxWriter.Write(graph, folder.File("net.onnx"));

        // Of these, the vector that is added could be a bias.
        var parameter = Assert.Single(new Network(OnnxReader.Read(folder.File("net.onnx"))).Parameters);
        Assert.Equal("computed", parameter.Name);
    }

    [Fact]
    public void A_weight_that_is_larger_than_the_file_may_ask_for_is_refused()
    {
        using TemporaryFolder folder = new();
        var graph = TestGraphs.Graph(
            [null, 1 << 14],
            [.. Fill(("w", 1f, [1 << 14, (1 << 14) + 64]), fromNode: true), TestGraphs.Node("MatMul", ["x", "w"], ["y"])]);
        OnnxWriter.Write(graph, folder.File("net.onnx"));

        var error = Assert.Throws<OccamException>(() => OnnxReader.Read(folder.File("net.onnx")));
        Assert.Contains("ConstantOfShape 'ConstantOfShape:w' asks for a tensor of 16384×16448 elements (1 GiB)", error.Message);
    }

    private static IEnumerable<Node> Fill((string Name, float Value, long[] Shape) fill, bool fromNode)
    {
        var value = Attributes.Of(("value", Tensor.FromArray([fill.Value], 1)));
        return fromNode
            ?
            [
                TestGraphs.Node("Constant", [], [$"{fill.Name}.sizes"], Attributes.Of(("value", Shape(fill.Shape)))),
                TestGraphs.Node("ConstantOfShape", [$"{fill.Name}.sizes"], [fill.Name], value),
            ]
            : [TestGraphs.Node("ConstantOfShape", [$"{fill.Name}.shape"], [fill.Name], value)];
    }

    private static Tensor Shape(long[] sizes) => Tensor.FromArray(sizes, sizes.Length);
}
