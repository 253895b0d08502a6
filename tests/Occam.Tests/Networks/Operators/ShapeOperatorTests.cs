using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

public sealed class ShapeOperatorTests
{
    private static Tensor Count(params long[] shape) =>
        Tensor.Arange(0, shape.Aggregate(1L, (a, b) => a * b), 1, ScalarType.Float64).Reshape(shape);

    private static double[] Run(
        string type, Tensor?[] inputs, int opset = 17, string output = "output0", int outputs = 1, params (string, object)[] attributes) =>
        new OneNode(type, inputs, Attributes.Of(attributes), opset, outputs: outputs).Run(output: output).ToArray<double>();

    [Theory]
    [InlineData(0, long.MaxValue, 2, new double[] { 0, 2, 4 })]
    [InlineData(-3, -1, 1, new double[] { 2, 3 })]
    [InlineData(-1, long.MinValue, -1, new double[] { 4, 3, 2, 1, 0 })]
    [InlineData(3, 0, -2, new double[] { 3, 1 })]
    [InlineData(100, 1, -1, new double[] { 4, 3, 2 })]
    [InlineData(2, 1, 1, new double[] { })]
    [InlineData(0, 3, -1, new double[] { })]
    [InlineData(1, 5, long.MaxValue, new double[] { 1 })]
    [InlineData(4, -100, long.MinValue, new double[] { 4 })]
    public void Slices_follow_the_rules_of_Python(long start, long end, long step, double[] expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal(expected, Run("Slice", [Count(1, 5), Integers(start), Integers(end), Integers(1), Integers(step)]));
    }

    [Fact]
    public void Uneven_splits_leave_the_rest_to_the_last()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([0, 1, 2], Run("Split", [Count(1, 7)], 18, "output0", 3, ("axis", 1L), ("num_outputs", 3L)));
        Assert.Equal([6], Run("Split", [Count(1, 7)], 18, "output2", 3, ("axis", 1L), ("num_outputs", 3L)));
        Assert.Equal([1, 2], Run("Split", [Count(1, 3)], 11, "output1", 2, ("axis", 1L), ("split", new long[] { 1, 2 })));
        Assert.Equal([1, 2], Run("Split", [Count(1, 3), Integers(1, 2)], 13, "output1", 2, ("axis", 1L)));
    }

    [Fact]
    public void Axes_stand_in_an_attribute_or_in_an_input()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([2, 3], new OneNode("Squeeze", [Count(1, 2, 1, 3)], Attributes.None, 11).Run().Shape);
        Assert.Equal([1, 2, 3], new OneNode("Squeeze", [Count(1, 2, 1, 3)], Attributes.Of(("axes", new long[] { -2 })), 11).Run().Shape);
        Assert.Equal([1, 2, 3], new OneNode("Squeeze", [Count(1, 2, 1, 3), Integers(2)], Attributes.None, 13).Run().Shape);
        Assert.Equal([1, 2, 1, 3], new OneNode("Unsqueeze", [Count(2, 3)], Attributes.Of(("axes", new long[] { 2, 0 })), 11).Run().Shape);
        Assert.Equal([1, 2, 3, 1], new OneNode("Unsqueeze", [Count(2, 3), Integers(-1, 0)], Attributes.None, 13).Run().Shape);
        Assert.Equal([2, 1], new OneNode("ReduceSum", [Count(2, 3)], Attributes.Of(("axes", new long[] { 1 })), 11).Run().Shape);
    }

    [Fact]
    public void A_reshape_copies_a_size_where_it_says_zero_unless_zero_is_meant()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([2, 6, 2], new OneNode("Reshape", [Count(2, 3, 4), Integers(0, -1, 2)]).Run().Shape);
        var empty = Tensor.Zeros([0, 3], ScalarType.Float64);
        Assert.Equal([0, 5], new OneNode("Reshape", [empty, Integers(0, 5)], Attributes.Of(("allowzero", 1L))).Run().Shape);
    }

    /// <summary>The examples of ONNX's own documentation of Resize.</summary>
    [Fact]
    public void Nearest_neighbours_are_those_of_the_standard()
    {
        using var scope = Libtorch.NewDisposeScope();
        var small = Tensor.FromArray([1.0, 2, 3, 4], 1, 1, 2, 2);
        var wide = (Count(1, 1, 2, 4) + 1).Contiguous();
        var square = (Count(1, 1, 4, 4) + 1).Contiguous();
        Assert.Equal(
            [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4], Run("Resize", [small, null, Numbers(1, 1, 2, 3)]));
        Assert.Equal([1, 3], Run("Resize", [wide, null, Numbers(1, 1, 0.6, 0.6)]));
        Assert.Equal(
            [
                1, 2, 2, 3, 3, 4, 4, 4, 5, 6, 6, 7, 7, 8, 8, 8, 5, 6, 6, 7, 7, 8, 8, 8, 9, 10, 10, 11, 11, 12, 12, 12, 9, 10, 10, 11, 11,
                12, 12, 12, 13, 14, 14, 15, 15, 16, 16, 16, 13, 14, 14, 15, 15, 16, 16, 16, 13, 14, 14, 15, 15, 16, 16, 16,
            ],
            Run("Resize", [
                square, null, null, Integers(1, 1, 8, 8),
            ], attributes: [("nearest_mode", "ceil"), ("coordinate_transformation_mode", "half_pixel")]));
        Assert.Equal(
            [
                1, 1, 1, 2, 2, 3, 3, 4, 1, 1, 1, 2, 2, 3, 3, 4, 1, 1, 1, 2, 2, 3, 3, 4, 5, 5, 5, 6, 6, 7, 7, 8, 5, 5, 5, 6, 6, 7, 7, 8, 9,
                9, 9, 10, 10, 11, 11, 12, 9, 9, 9, 10, 10, 11, 11, 12, 13, 13, 13, 14, 14, 15, 15, 16,
            ],
            Run("Resize", [
                square, null, null, Integers(1, 1, 8, 8),
            ], attributes: [("nearest_mode", "floor"), ("coordinate_transformation_mode", "align_corners")]));
    }

    [Theory]
    [InlineData("edge", new double[] { 0, 0, 0, 1, 2, 2 })]
    [InlineData("reflect", new double[] { 2, 1, 0, 1, 2, 1 })]
    [InlineData("wrap", new double[] { 1, 2, 0, 1, 2, 0 })]
    [InlineData("constant", new double[] { 9, 9, 0, 1, 2, 9 })]
    public void Pads_have_their_four_modes(string mode, double[] expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal(
            expected,
            Run("Pad", [Count(1, 3), Integers(0, 2, 0, 1), Tensor.Full([], 9, ScalarType.Float64)], attributes: [("mode", mode)]));
    }

    [Fact]
    public void What_a_division_leaves_has_the_sign_of_one_or_the_other()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([1, 1, -1], new OneNode("Mod", [Integers(-7, 7, -7), Integers(2, 2, -2)]).Run().ToArray<long>());
        Assert.Equal(
            [-1, 1, -1], new OneNode("Mod", [Integers(-7, 7, -7), Integers(2, 2, -2)], Attributes.Of(("fmod", 1L))).Run().ToArray<long>());
        Assert.Equal([-0.5, 1.5], Run("Mod", [Numbers(-4.5, 7.5), Numbers(2, -3)], attributes: [("fmod", 1L)]));
    }

    [Fact]
    public void Staircases_round_halves_to_even_and_tell_signs()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([-2, 0, 2, 2], Run("Round", [Numbers(-1.5, 0.5, 1.7, 2.5)]));
        Assert.Equal([-1, 0, 1], Run("Sign", [Numbers(-1.5, 0, 1.7)]));
    }

    [Fact]
    public void Triangles_keep_their_side_of_a_diagonal()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([1, 2, 3, 0, 5, 6], Run("Trilu", [Count(2, 3) + 1]));
        Assert.Equal([0, 2, 3, 0, 0, 6], Run("Trilu", [Count(2, 3) + 1, Tensor.FromArray([1L])]));
        Assert.Equal([1, 0, 0, 4, 5, 0], Run("Trilu", [Count(2, 3) + 1], attributes: [("upper", 0L)]));
    }

    [Fact]
    public void Scattered_slices_give_way_or_are_added_to()
    {
        using var scope = Libtorch.NewDisposeScope();
        Tensor indices = Tensor.FromArray([4L, 3, 1, 7], 4, 1), twice = Tensor.FromArray([0L, -1, 0], 3, 1);
        Assert.Equal([0, 11, 2, 10, 9, 5, 6, 12], Run("ScatterND", [Count(8), indices, Numbers(9, 10, 11, 12)]));
        Assert.Equal([101, 1, 32], Run("ScatterND", [Count(3), twice, Numbers(1, 30, 100)], opset: 18, attributes: [("reduction", "add")]));
        Assert.Equal([0, 1, 2, 3, 20, 21], Run("ScatterND", [Count(3, 2), Tensor.FromArray([2L], 1, 1), Numbers(20, 21).Reshape([1, 2])]));
        Assert.Equal([0, 1, 2, 7, 4, 5], Run("ScatterND", [Count(3, 2), Tensor.FromArray([-2L, 1], 1, 2), Numbers(7)]));
        Assert.Equal([0, 1, 2], Run("ScatterND", [Count(3), Tensor.FromArray(Array.Empty<long>(), 0, 1), Numbers()]));
    }

    [Theory]
    [InlineData(3, "none", "index 3 of a dimension of 3")]
    [InlineData(-4, "none", "index -4 of a dimension of 3")]
    [InlineData(0, "mean", "reduction 'mean'")]
    public void Scattering_outside_or_in_unknown_ways_is_refused(long index, string reduction, string message)
    {
        using var scope = Libtorch.NewDisposeScope();
        var refused = Assert.Throws<OccamException>(() => Run(
            "ScatterND", [Count(3, 2), Tensor.FromArray([index], 1, 1), Count(1, 2)], opset: 18, attributes: [("reduction", reduction)]));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_stay_whole_and_divide_towards_zero()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([-3, 3], new OneNode("Div", [Integers(-7, 7), Integers(2)]).Run().ToArray<long>());
        Assert.Equal([2, 5, 8], new OneNode("Range", [Tensor.FromArray([2L]), Tensor.FromArray([9L]), Tensor.FromArray([3L])])
            .Run()
            .ToArray<long>());
        Assert.Equal(
            [5, 3], new OneNode("Range", [Tensor.FromArray([5L]), Tensor.FromArray([1L]), Tensor.FromArray([-2L])]).Run().ToArray<long>());
        Assert.Equal([3, 4], new OneNode("Shape", [Count(2, 3, 4, 5)], Attributes.Of(("start", 1L), ("end", -1L))).Run().ToArray<long>());
        Assert.Equal(ScalarType.Int64, new OneNode("Cast", [Count(2)], Attributes.Of(("to", 6L))).Run().ScalarType);
    }

    [Theory]
    [InlineData("Expand", 1L << 40)]
    [InlineData("Expand", -5)]
    [InlineData("Tile", 1L << 40)]
    [InlineData("Tile", long.MaxValue)]
    [InlineData("ConstantOfShape", 1L << 40)]
    [InlineData("Pad", 1L << 40)]
    [InlineData("Pad", long.MaxValue)]
    [InlineData("Range", 1L << 40)]
    [InlineData("Resize", 1L << 40)]
    [InlineData("Resize linear", 1L << 40)]
    [InlineData("OneHot", 1L << 40)]
    [InlineData("HannWindow", 1L << 40)]
    [InlineData("HannWindow", -1)]
    [InlineData("MelWeightMatrix", 1L << 40)]
    [InlineData("CenterCropPad", 1L << 40)]
    [InlineData("AffineGrid", 1L << 40)]
    [InlineData("MaxUnpool", 1L << 40)]
    [InlineData("DFT", 1L << 40)]
    [InlineData("LRN", 1L << 40)]
    [InlineData("Gather", 7)]
    [InlineData("Add", 1 << 17)]
    [InlineData("MatMul", 1 << 17)]
    [InlineData("Gemm", 1 << 17)]
    [InlineData("Einsum", 1 << 17)]
    [InlineData("Conv", 1L << 40)]
    [InlineData("ConvTranspose", 1L << 29)]
    public void What_no_memory_could_hold_is_refused(string type, long size)
    {
        using var scope = Libtorch.NewDisposeScope();
        Tensor?[] inputs = type switch
        {
            "Add" or "MatMul" or "Gemm" or "Einsum" => [Tensor.Zeros([size, 1]), Tensor.Zeros([1, size])],
            "Conv" or "ConvTranspose" => [Random(1, 1, 3, 90), Random(2, 3, 3, 2)],
            "Pad" => [Count(1, 3), Integers(0, size, 0, size)],
            "Range" => [Tensor.FromArray([0L]), Tensor.FromArray([size]), Tensor.FromArray([1L])],
            "ConstantOfShape" => [Integers(size, 1)],
            "Resize" or "Resize linear" => [Count(1, 3), null, null, Integers(1, size)],
            "OneHot" => [Integers(0, 1), Integers(size), Numbers(0, 1)],
            "HannWindow" => [Integers(size)],
            "MelWeightMatrix" => [Integers(size), Integers(8), Integers(100), Numbers(0), Numbers(50)],
            "CenterCropPad" => [Count(1, 3), Integers(1, size)],
            "AffineGrid" => [Count(1, 2, 3), Integers(1, 1, 2, size)],
            "MaxUnpool" => [Count(1, 1, 2), Integers(0, 1).Reshape(1, 1, 2), Integers(1, 1, size)],
            "DFT" => [Count(1, 3, 1), Integers(size)],
            "LRN" => [Count(1, 3, 2)],
            _ => [Count(1, 3), Integers(size, size)],
        };
        var attributes = type switch
        {
            "Conv" => Attributes.Of(("pads", new[] { size, size })),
            "ConvTranspose" => Attributes.Of(("strides", new[] { size })),
            "MaxUnpool" => Attributes.Of(("kernel_shape", new long[] { 2 })),
            "LRN" => Attributes.Of(("size", size)),
            "Resize linear" => Attributes.Of(("mode", "linear")),
            "Einsum" => Attributes.Of(("equation", "ij, jk -> ik")),
            _ => Attributes.None,
        };
        Assert.Throws<OccamException>(() => new OneNode(type.Split(' ')[0], inputs, attributes).Run());
    }

    [Fact]
    public void A_node_without_an_input_it_needs_is_refused_when_the_network_is_made()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Contains("input 1", Assert.Throws<OccamException>(() => new OneNode("Conv", [Count(1, 1, 3)])).Message);
    }

    [Fact]
    public void Rows_of_a_table_have_the_derivatives_of_selected_rows()
    {
        using var scope = Libtorch.NewDisposeScope();
        var ids = Tensor.FromArray([4L, -1, 0, 4, 2, 4], 2, 3);
        var rows = Tensor.FromArray([4L, 6, 0, 4, 2, 4], 6);
        var network = new Network(TestGraphs.Graph([7, 5], [TestGraphs.Node("Gather", ["x", "ids"], ["y"])], ("ids", ids)));
        Tensor[] Derivatives(Func<Tensor, Tensor> lookUp)
        {
            var table = OneNode.Random(3, 7, 5).RequireGrad();
            var first = Autograd.Grad(lookUp(table).Tanh().Square().Sum(), table, createGraph: true);
            return [first.Detach(), Autograd.Grad(first.Square().Sum(), table)];
        }

        var expected = Derivatives(table => table.IndexSelect(0, rows));
        var actual = Derivatives(table => network.Run(table, ["y"])["y"]);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.ToArray<double>(), pair.Second.ToArray<double>()));
    }
}
