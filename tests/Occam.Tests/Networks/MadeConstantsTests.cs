using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>
/// Which numbers are parameters where a graph makes a layer's weight of what it stores: the stored tensors that it is made of, each once
/// and as large as it is stored, however often its numbers are repeated, chosen or put together; and none of what is made of sizes, of
/// single numbers, or of the shape of another tensor alone.
/// </summary>
public sealed class MadeConstantsTests
{
    private static readonly Node[] s_first = [TestGraphs.Node("MatMul", ["x", "W"], ["h"]), TestGraphs.Node("Relu", ["h"], ["r"])];

    // What follows the first layer of 4 × 3 weights: nodes, stored tensors, and how many parameters there are beside the twelve.
    public static TheoryData<string, Node[], (string, Tensor)[], long> Made => new()
    {
        { "a row, expanded", Weight("Expand", ["c", "s"]), [("c", Random(1, 2)), ("s", Sizes(3, 2))], 2 },
        { "one number of one dimension, expanded", Weight("Expand", ["c", "s"]), [("c", Random(1)), ("s", Sizes(3, 2))], 1 },
        { "a single number, expanded", Weight("Expand", ["c", "s"]), [("c", Random()), ("s", Sizes(3, 2))], 0 },
        {
            "what is only compared with, expanded",
            [
                TestGraphs.Node("Expand", ["c", "s"], ["e"]), TestGraphs.Node("Greater", ["r", "e"], ["g"]),
                TestGraphs.Node("Cast", ["g"], ["f"], Attributes.Of(("to", 1L))), TestGraphs.Node("Mul", ["r", "f"], ["y"]),
            ],
            [("c", Random(1, 3)), ("s", Sizes(1, 3))], 0
        },
        { "a row, tiled", Weight("Tile", ["c", "s"]), [("c", Random(1, 2)), ("s", Sizes(3, 1))], 2 },
        { "a bias, tiled once", Bias("Tile", ["c", "s"]), [("c", Random(3)), ("s", Sizes(1))], 3 },
        { "rows of a table", Weight("Gather", ["t", "k"]), [("t", Random(7, 2)), ("k", Sizes(2, 0, 5))], 14 },
        {
            "a position's row of a table", Bias("Gather", ["t", "k"]), [("t", Random(7, 3)), ("k", Tensor.FromArray([2L], 1).Squeeze(0))],
            21
        },
        { "a part of a table", Weight("Slice", ["t", "a", "b"]), [("t", Random(7, 2)), ("a", Sizes(0)), ("b", Sizes(3))], 14 },
        {
            "two parts put together", Weight("Concat", ["t", "u"], Attributes.Of(("axis", 0L))), [("t", Random(1, 2)), ("u", Random(2, 2))],
            6
        },
        {
            "one tensor put together with itself", Weight("Concat", ["t", "t", "t"], Attributes.Of(("axis", 0L))), [("t", Random(1, 2))], 2
        },
        { "an identity as large as another tensor", Weight("EyeLike", ["t"]), [("t", Random(3, 2))], 0 },
        { "a range", Bias("Range", ["a", "z", "d"]), [("a", Number(0)), ("z", Number(3)), ("d", Number(1))], 0 },
        {
            "a range times stored numbers",
            [TestGraphs.Node("Range", ["a", "z", "d"], ["p"]), .. Bias("Mul", ["p", "w"])],
            [("a", Number(0)), ("z", Number(3)), ("d", Number(1)), ("w", Random(3))], 3
        },
        { "filled by shape", Weight("ConstantOfShape", ["s"], Attributes.Of(("value", Tensor.Full([1], 0.5)))), [("s", Sizes(3, 2))], 6 },
        {
            "filled by shape, and expanded",
            [
                TestGraphs.Node("ConstantOfShape", ["s"], ["f"], Attributes.Of(("value", Tensor.Full([1], 0.5)))),
                .. Weight("Expand", ["f", "t"]),
            ],
            [("s", Sizes(1, 2)), ("t", Sizes(3, 2))], 0
        },
    };

    [Theory]
    [MemberData(nameof(Made))]
    public void What_is_stored_counts_as_it_is_stored(string what, Node[] nodes, (string, Tensor)[] stored, long expected)
    {
        using TemporaryFolder folder = new();
        OnnxWriter.Write(TestGraphs.Graph([null, 4], [.. s_first, .. nodes], [("W", Random(4, 3)), .. stored]), folder.File("net.onnx"));
        var loaded = NetworkLoader.Load(folder.File("net.onnx"));
        Assert.True(loaded.ParameterCount == 12 + expected, $"{what}: {loaded.ParameterCount - 12} parameters, not {expected}");
    }

    private static Node[] Weight(string type, string[] from, Attributes? attributes = null) =>
        [TestGraphs.Node(type, from, ["V"], attributes), TestGraphs.Node("MatMul", ["r", "V"], ["y"])];

    private static Node[] Bias(string type, string[] from) =>
        [TestGraphs.Node(type, from, ["b"]), TestGraphs.Node("Add", ["r", "b"], ["y"])];

    private static Tensor Random(params long[] shape)
    {
        using Generator generator = new(3);
        return Tensor.Randn(shape, generator);
    }

    private static Tensor Number(float value) => Tensor.Full([], value);

    private static Tensor Sizes(params long[] sizes) => Tensor.FromArray(sizes, sizes.Length);
}
