using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Layers with fixed weights, whose reverse passes share what they can, in single precision against double.</summary>
public sealed class ManyPassesTests
{
    private const double Rounding = 1e-6;

    public static TheoryData<long[], long[], long[], long[]> Convolutions => new()
    {
        { [2, 16, 9, 7], [32, 16, 3, 3], [2, 2], [1, 1] }, { [3, 48, 7, 7], [80, 48, 3, 3], [2, 1], [1, 0] },
        { [2, 20, 9, 33], [33, 20, 5, 3], [3, 2], [2, 1] }, { [2, 32, 8, 8], [16, 32, 1, 1], [2, 2], [0, 0] },
        { [2, 130, 4, 4], [16, 130, 2, 2], [2, 2], [0, 0] }, { [1, 16, 3, 3], [16, 16, 3, 3], [1, 1], [3, 3] },
        { [2, 16, 12, 5], [40, 16, 7, 7], [2, 2], [3, 3] },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Convolutions_and_their_gradients_are_right(long[] shape, long[] window, long[] stride, long[] padding)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var (x, weight, bias) = (Tensor.Randn(shape, generator), Tensor.Randn(window, generator), Tensor.Randn([window[0]], generator));
        AssertSame(
            x.ChannelsLast(),
            (input, type) => input.Convolution(weight.To(type).ChannelsLast(), bias.To(type), stride, padding, [1, 1], 1),
            generator);
    }

    [Theory]
    [InlineData(16, 40)]
    [InlineData(33, 17)]
    [InlineData(900, 64)]
    public void Dense_layers_are_right(int inputs, int outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var (weight, bias) = (Tensor.Randn([outputs, inputs], generator), Tensor.Randn([outputs], generator));
        foreach (var shape in new long[][] { [37, inputs], [3, 50, inputs], [2, inputs] })
        {
            AssertSame(Tensor.Randn(shape, generator), (input, type) => input.Linear(weight.To(type), bias.To(type)), generator);
        }

        // As a product from the right has it.
        var stored = weight.T().Contiguous();
        AssertSame(Tensor.Randn([19, inputs], generator), (input, type) => input.Linear(stored.To(type).T(), null), generator);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("tanh")]
    public void Gelu_is_right(string approximation)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        AssertSame(Tensor.Randn([7, 30], generator), (input, _) => input.Gelu(approximation), generator);
    }

    [Fact]
    public void Gradients_of_their_gradients_are_right()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var weight = Tensor.Randn([20, 16], generator, ScalarType.Float32);
        var x = Tensor.Randn([18, 16], generator);
        Tensor Second(Tensor input, ScalarType type)
        {
            using var grad = Libtorch.EnableGrad();
            var leaf = input.To(type).Detach().RequireGrad();
            var y = leaf.Linear(weight.To(type), null).Gelu("none").Linear(weight.To(type).T(), null);
            var slope = Autograd.Grad(y.Square().Sum(), leaf, createGraph: true);
            return Autograd.Grad(slope.Square().Sum(), leaf);
        }

        AssertClose(Second(x, ScalarType.Float64), Second(x, ScalarType.Float32));
    }

    // The value, and the cotangents of three passes, the first of which may differ from the others in what it does.
    private static void AssertSame(Tensor x, Func<Tensor, ScalarType, Tensor> layer, Generator generator)
    {
        using var grad = Libtorch.EnableGrad();
        var (single, wide) = (x.Detach().RequireGrad(), x.To(ScalarType.Float64).Detach().RequireGrad());
        var (y, expected) = (layer(single, ScalarType.Float32), layer(wide, ScalarType.Float64));
        AssertClose(expected, y);
        for (var pass = 0; pass < 3; pass++)
        {
            var cotangent = Tensor.Randn(y.Shape, generator);
            AssertClose(
                Autograd.Grad(expected, wide, cotangent.To(ScalarType.Float64), retainGraph: true),
                Autograd.Grad(y, single, cotangent, retainGraph: true));
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((actual.To(ScalarType.Float64) - expected).Norm().Item() / expected.Norm().Item(), 0, Rounding);
    }
}
