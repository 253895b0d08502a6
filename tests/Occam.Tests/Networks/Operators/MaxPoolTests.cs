using Occam.Networks;
using Occam.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class MaxPoolTests
{
    [Theory]
    [InlineData(new long[] { 2, 2 }, new long[] { 2, 2 }, new long[] { 8, 6 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 1 }, new long[] { 7, 9 })]
    [InlineData(new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 9, 8 })]
    [InlineData(new long[] { 1, 2 }, new long[] { 3, 5 }, new long[] { 4, 2 })]
    [InlineData(new long[] { 3 }, new long[] { 2 }, new long[] { 3 })]
    [InlineData(new long[] { 2, 2, 2 }, new long[] { 2, 1, 2 }, new long[] { 4, 3, 5 })]
    public void Maxima_of_slices_are_those_of_windows(long[] size, long[] stride, long[] space)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(5);
        var x = Tensor.Randn([2, 3, .. space], generator, ScalarType.Float64);
        x.Flatten(0).Narrow(0, 7, 1).CopyInPlace(Tensor.Full([1], double.NaN, ScalarType.Float64));
        var attributes = Attributes.Of(("kernel_shape", size), ("strides", stride));
        var node = new OneNode("MaxPool", [x], attributes);
        var window = Window.Of(node.Call());
        Assert.True(MaximaOfSlices.Serve(x, window));
        var expected = x.MaxPool(size, stride, new long[size.Length], [.. size.Select(_ => 1L)], false);
        var actual = node.Run();
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
    }

    [Fact]
    public void Where_derivatives_are_wanted_each_window_has_one_maximum()
    {
        using var scope = Libtorch.NewDisposeScope();
        var node =
            new OneNode("MaxPool", [Tensor.Zeros([1, 1, 2, 2], ScalarType.Float64)], Attributes.Of(("kernel_shape", new long[] { 2, 2 })));
        using var grad = Libtorch.EnableGrad();
        var x = Tensor.Zeros([1, 1, 2, 2], ScalarType.Float64).RequireGrad();
        Assert.Equal([1, 0, 0, 0], Autograd.Grad(node.Run(x), x).ToArray<double>());
        using ForwardAutogradScope forward = new();
        Assert.False(MaximaOfSlices.Serve(Tensor.Zeros([1, 1, 2, 2]), Window.Of(node.Call())));
    }
}
