using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

/// <summary>Operators that derivatives end at, by values worked out by hand.</summary>
public sealed class StepOperatorTests
{
    private static long[] Run(string type, Tensor[] inputs, params (string, object)[] attributes) =>
        new OneNode(type, inputs, Attributes.Of(attributes)).Run().ToArray<long>();

    [Theory]
    [InlineData("ArgMax", 0, new long[] { 1, 0 })]
    [InlineData("ArgMax", 1, new long[] { 2, 3 })]
    [InlineData("ArgMin", 0, new long[] { 0, 1 })]
    [InlineData("ArgMin", 1, new long[] { 3, 2 })]
    public void Of_several_champions_the_first_or_the_last_is_told(string type, long last, long[] expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Numbers(1, 5, 5, 1, 7, 2, 2, 7).Reshape(2, 4);
        var node = new OneNode(type, [x], Attributes.Of(("axis", 1L), ("select_last_index", last), ("keepdims", 0L)));
        Assert.Equal(expected, node.Run().ToArray<long>());
        Assert.True(node.Operator.IsStep(node.Node, 0, 0));
        Assert.Null(node.Bound());
    }

    [Fact]
    public void A_hard_maximum_is_one_at_the_first_of_the_largest()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([0, 1, 0, 1, 0, 0], Run("Hardmax", [Numbers(1, 5, 5, 7, 2, 7).Reshape(2, 3)]));
        Assert.Equal([0, 1, 0, 1, 0, 1], Run("Hardmax", [Numbers(1, 5, 5, 7, 2, 7).Reshape(2, 3)], ("axis", 0L)));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_told_and_change_no_bound()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Numbers(double.NaN, double.NegativeInfinity, 0, double.PositiveInfinity);
        Assert.Equal([1, 0, 0, 0], Run("IsNaN", [x]));
        Assert.Equal([0, 1, 0, 1], Run("IsInf", [x]));
        Assert.Equal([0, 0, 0, 1], Run("IsInf", [x], ("detect_negative", 0L)));
        Assert.Equal([0, 1, 0, 0], Run("IsInf", [x], ("detect_positive", 0L)));
        Assert.Equal([0, 0, 0, 0], Run("IsInf", [x], ("detect_positive", 0L), ("detect_negative", 0L)));
        Assert.Equal(0, new OneNode("IsNaN", [x]).Bound());
    }

    [Fact]
    public void Bits_are_combined_and_moved()
    {
        using var scope = Libtorch.NewDisposeScope();
        Tensor[] inputs = [Integers(12, 5, 1), Integers(10, 1, 3)];
        Assert.Equal([8, 1, 1], Run("BitwiseAnd", inputs));
        Assert.Equal([14, 5, 3], Run("BitwiseOr", inputs));
        Assert.Equal([6, 4, 2], Run("BitwiseXor", inputs));
        Assert.Equal([-13, -6, -2], Run("BitwiseNot", [inputs[0]]));
        Assert.Equal([12288, 10, 8], Run("BitShift", inputs, ("direction", "LEFT")));
        Assert.Equal([0, 2, 0], Run("BitShift", inputs, ("direction", "RIGHT")));
        Assert.Contains("direction 'UP'", Assert.Throws<OccamException>(() => Run("BitShift", inputs, ("direction", "UP"))).Message);
        Assert.Equal(
            [1, 0, 1], Run("Xor", [Tensor.FromArray([true, true, false], 3), Tensor.FromArray([false, true, true], 3)]));
    }

    /// <summary>Against .NET's own conversions of bits.</summary>
    [Fact]
    public void Bits_are_read_as_those_of_another_type()
    {
        using var scope = Libtorch.NewDisposeScope();
        long[] As(long to, Tensor x) => Run("BitCast", [x], ("to", to));
        float[] singles = [1, -2.5f, 0, float.PositiveInfinity];
        double[] doubles = [0.1, -3];
        var wide = Numbers([.. singles.Select(value => (double)value)]);
        Assert.Equal(singles.Select(value => (long)BitConverter.SingleToInt32Bits(value)), As(6, wide));
        Assert.Equal(singles.Select(value => (long)BitConverter.SingleToUInt32Bits(value)), As(12, wide));
        Assert.Equal(doubles.Select(BitConverter.DoubleToInt64Bits), As(7, Numbers(doubles)));
        Assert.Equal([255, 1, 128], As(2, Tensor.FromArray([(sbyte)-1, 1, -128], 3)));
        Assert.Equal([-1, 32767], As(5, Integers(65535, 32767)));
        Assert.Equal([1, 0], As(2, Tensor.FromArray([true, false], 2)));

        double[] Floating(long to, params long[] numbers) =>
            new OneNode("BitCast", [Integers(numbers)], Attributes.Of(("to", to))).Run().ToArray<double>();
        long[] bits = [.. singles.Select(value => (long)BitConverter.SingleToInt32Bits(value))];
        Assert.Equal(singles.Select(value => (double)value), Floating(1, bits));
        Assert.Equal(doubles, Floating(11, [.. doubles.Select(BitConverter.DoubleToInt64Bits)]));
        Assert.Equal([1.5], Floating(10, BitConverter.HalfToInt16Bits((Half)1.5)));
        Assert.Contains("other than those of 32 bits", Assert.Throws<OccamException>(() => As(5, wide)).Message);
        Assert.Contains("ONNX's type 8", Assert.Throws<OccamException>(() => As(8, wide)).Message);
    }

    [Fact]
    public void Places_of_numbers_that_are_not_zero_stand_dimension_by_dimension()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal([0, 0, 1, 0, 2, 1], Run("NonZero", [Numbers(1, 0, 3, 0, -1, 0).Reshape(2, 3)]));
        Assert.Equal([0, 0, 1, 0], Run("EyeLike", [Numbers(1, 2, 3, 4).Reshape(2, 2)], ("k", -1L)));
    }

    [Theory]
    [InlineData("TF", new double[] { 0, 3, 2 })]
    [InlineData("IDF", new double[] { 0, 0.5, 4 })]
    [InlineData("TFIDF", new double[] { 0, 1.5, 8 })]
    public void Sequences_are_counted_also_with_gaps(string mode, double[] expected)
    {
        using var scope = Libtorch.NewDisposeScope();

        // 7 thrice; 7 8 once side by side and once with one between.
        var node = new OneNode("TfIdfVectorizer", [Integers(7, 8, 8, 7, 7)], Attributes.Of(
            ("mode", mode), ("min_gram_length", 1L), ("max_gram_length", 2L), ("max_skip_count", 1L),
            ("ngram_counts", new long[] { 0, 1 }), ("ngram_indexes", new long[] { 1, 2 }), ("pool_int64s", new long[] { 7, 7, 8 }),
            ("weights", new double[] { 0.5, 4 })));
        Assert.Equal(expected, node.Run().ToArray<double>());
    }

    [Fact]
    public void Indices_outside_are_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        void Refuses(string message, string type, params Tensor[] inputs) =>
            Assert.Contains(message, Assert.Throws<OccamException>(() => Run(type, inputs)).Message, StringComparison.Ordinal);
        Refuses("names index 3 of a dimension of 2", "GatherElements", Random(1, 2, 2), Integers(0, 3).Reshape(2, 1));
        Refuses("names index -3 of a dimension of 2", "GatherND", Random(1, 2, 2), Integers(0, -3).Reshape(1, 2));
        Refuses("tuples of 1 to 2 numbers", "GatherND", Random(1, 2, 2), Integers(0, 0, 0));
        Refuses("expected as many dimensions", "GatherElements", Random(1, 2, 2), Integers(0));
        Refuses("1 to 5 dimensions of space", "GridSample", Random(1, 1, 1, 1, 1, 1, 1, 1, 1), Random(2, 1, 1, 1, 1, 1, 1, 1, 6));
        Refuses("the first 3 of 2 numbers", "TopK", Random(1, 2, 2), Integers(3));
    }
}
