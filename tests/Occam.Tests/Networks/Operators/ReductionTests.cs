using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

/// <summary>Reductions of nothing, of single numbers, of whole numbers and of truth values.</summary>
public sealed class ReductionTests
{
    private static Tensor Run(string type, Tensor x, params (string, object)[] attributes) =>
        new OneNode(type, [x, Integers(1)], Attributes.Of(attributes), 20).Run();

    [Theory]
    [InlineData("ReduceSum", 0)]
    [InlineData("ReduceL1", 0)]
    [InlineData("ReduceL2", 0)]
    [InlineData("ReduceSumSquare", 0)]
    [InlineData("ReduceProd", 1)]
    [InlineData("ReduceMax", double.NegativeInfinity)]
    [InlineData("ReduceMin", double.PositiveInfinity)]
    [InlineData("ReduceLogSum", double.NegativeInfinity)]
    [InlineData("ReduceLogSumExp", double.NegativeInfinity)]
    [InlineData("ReduceMean", double.NaN)]
    public void Of_no_numbers_comes_the_neutral_one(string type, double expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        var reduced = Run(type, Tensor.Zeros([2, 0, 3], ScalarType.Float64));
        Assert.Equal([2, 1, 3], reduced.Shape);
        Assert.Equal([.. Enumerable.Repeat(expected, 6)], reduced.ToArray<double>());
        Assert.Equal([2, 3], Run(type, Tensor.Zeros([2, 0, 3], ScalarType.Float64), ("keepdims", 0L)).Shape);
    }

    [Theory]
    [InlineData("ReduceMean", 2)]
    [InlineData("ReduceSum", 8)]
    [InlineData("ReduceL2", 5)]
    [InlineData("ReduceLogSum", 2)]
    [InlineData("ReduceLogSumExp", 5)]
    [InlineData("ReduceMax", 5)]
    [InlineData("ReduceSumSquare", 30)]
    public void Whole_numbers_stay_whole_and_are_rounded_towards_zero(string type, long expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        var reduced = Run(type, Integers(1, 2, 5).Reshape(1, 3));
        Assert.Equal(ScalarType.Int64, reduced.ScalarType);
        Assert.Equal([expected], reduced.ToArray<long>());
    }

    [Fact]
    public void Truth_values_have_extremes()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.FromArray([true, false, false, false], 2, 2);
        Assert.Equal([true, false], Run("ReduceMax", x).ToArray<bool>());
        Assert.Equal([false, false], Run("ReduceMin", x).ToArray<bool>());
    }

    /// <summary>Where no axis is to be reduced, each number is reduced by itself.</summary>
    [Theory]
    [InlineData("ReduceSum", -2)]
    [InlineData("ReduceL1", 2)]
    [InlineData("ReduceL2", 2)]
    [InlineData("ReduceSumSquare", 4)]
    [InlineData("ReduceMax", -2)]
    public void A_single_number_is_reduced_by_itself(string type, double expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode(type, [Numbers(-2, -2).Reshape(2, 1)], Attributes.Of(("noop_with_empty_axes", 1L)), 20);
        Assert.Equal([expected, expected], node.Run().ToArray<double>());
        Assert.Equal([2, 1], node.Run().Shape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Batches_are_normalized_in_any_number_of_dimensions(int space)
    {
        using var scope = Libtorch.NewDisposeScope();
        long[] shape = [2, 3, .. Enumerable.Repeat(2L, space - 1)];
        Tensor x = Random(1, shape), scale = Random(2, 3), bias = Random(3, 3), mean = Random(4, 3), variance = Random(5, 3).Square();
        Tensor ByChannel(Tensor tensor) => tensor.Reshape([-1, .. Enumerable.Repeat(1L, space - 1)]);
        var expected = ((x - ByChannel(mean)) / (ByChannel(variance) + 1e-5).Sqrt() * ByChannel(scale)) + ByChannel(bias);
        Close.Equal(expected, new OneNode("BatchNormalization", [x, scale, bias, mean, variance]).Run());
    }
}
