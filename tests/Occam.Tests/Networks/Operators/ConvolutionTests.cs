using Occam.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(7, 2, 3, 1)]
    [InlineData(8, 2, 3, 1)]
    [InlineData(6, 1, 2, 1)]
    [InlineData(9, 3, 2, 2)]
    public void Same_padding_differs_by_the_side_of_the_odd_one(int space, int stride, int kernel, int dilation)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (x, w) = (OneNode.Random(1, 2, 3, space), OneNode.Random(2, 4, 3, kernel));
        Tensor Run(params (string, object)[] attributes) =>
            new OneNode("Conv", [
                x, w,
            ], Attributes.Of([("strides", new long[] { stride }), ("dilations", new long[] { dilation }), .. attributes])).Run();

        var outputs = (space + stride - 1) / stride;
        var total = Math.Max(((outputs - 1) * stride) + ((kernel - 1) * dilation) + 1 - space, 0);
        var (less, more) = (total / 2, total - (total / 2));
        Close.Equal(Run(("pads", new long[] { less, more })), Run(("auto_pad", "SAME_UPPER")));
        Close.Equal(Run(("pads", new long[] { more, less })), Run(("auto_pad", "SAME_LOWER")));
        Assert.Equal(outputs, Run(("auto_pad", "SAME_UPPER")).Shape[2]);
        Close.Equal(Run(), Run(("auto_pad", "VALID")));
    }

    [Fact]
    public void Asymmetric_padding_is_zeros_put_around_by_hand()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (x, w, b) = (OneNode.Random(1, 2, 4, 5, 6), OneNode.Random(2, 6, 2, 3, 2), OneNode.Random(3, 6));
        var padded = x.PadConstant([2, 3, 0, 1], 0);
        var bare = new OneNode("Conv", [padded, w, b], Attributes.Of(("group", 2L))).Run();
        Close.Equal(bare, new OneNode("Conv", [x, w, b], Attributes.Of(("group", 2L), ("pads", new long[] { 0, 2, 1, 3 }))).Run());
    }

    /// <summary>The transpose of the matrix of a convolution, taken from its Jacobian, is the matrix of ConvTranspose.</summary>
    [Theory]
    [InlineData(5, 3, 1, 1, 1, 1)]
    [InlineData(6, 3, 2, 1, 1, 0)]
    [InlineData(7, 2, 2, 0, 2, 1)]
    [InlineData(8, 3, 2, 2, 0, 2)]
    public void A_transposed_convolution_is_the_transpose(int space, int kernel, int stride, int before, int after, int group)
    {
        using var scope = Libtorch.NewDisposeScope();
        var groups = group == 2 ? 2L : 1L;
        var (x, w) = (OneNode.Random(1, 1, 4, space), OneNode.Random(2, 6, 4 / groups, kernel));
        var attributes = Attributes.Of(("strides", new long[] { stride }), ("pads", new long[] { before, after }), ("group", groups));
        var convolution = new OneNode("Conv", [x, w], attributes);
        var y = convolution.Run();
        var rest = (space + before + after - kernel) % stride;
        var transpose = new OneNode("ConvTranspose", [OneNode.Random(3, y.Shape), w], Attributes.Of(
            ("strides", new long[] { stride }), ("pads", new long[] { before, after }), ("group", groups),
            ("output_padding", new long[] { rest })));
        Assert.Equal(space, transpose.Run().Shape[2]);
        Close.Equal(convolution.Jacobian().T(), transpose.Jacobian());

        var shaped = new OneNode("ConvTranspose", [transpose.X, w, OneNode.Random(4, 4)], Attributes.Of(
            ("strides", new long[] { stride }), ("output_shape", new long[] { space }), ("auto_pad", "SAME_UPPER"), ("group", groups),
            ("output_padding", new long[] { rest })));
        Assert.Equal([1, 4, space], shaped.Run().Shape);
    }

    [Theory]
    [InlineData("strides", 0)]
    [InlineData("dilations", -1)]
    [InlineData("pads", -1)]
    public void Impossible_windows_are_refused(string attribute, long value)
    {
        using var scope = Libtorch.NewDisposeScope();
        long[] values = attribute == "pads" ? [value, value] : [value];
        var node = new OneNode("Conv", [OneNode.Random(1, 1, 2, 5), OneNode.Random(2, 2, 2, 3)], Attributes.Of((attribute, values)));
        Assert.Contains(attribute, Assert.Throws<OccamException>(() => node.Run()).Message);
    }
}
