using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Convolutions' gradients by their inputs in single precision, which Winograd's algorithm gives, against double.</summary>
public sealed class WinogradTests
{
    [Theory]
    [InlineData(2, 32, 32, 8, 8, ScalarType.Float32, 3e-6)]
    [InlineData(3, 64, 48, 7, 5, ScalarType.Float32, 3e-6)]
    [InlineData(1, 48, 80, 13, 21, ScalarType.Float32, 3e-6)]
    [InlineData(5, 128, 64, 4, 4, ScalarType.Float32, 3e-6)]
    [InlineData(2, 64, 64, 16, 16, ScalarType.BFloat16, 1e-2)]
    public void It_is_the_gradient(int examples, int outputs, int inputs, int height, int width, ScalarType type, double tolerance)
    {
        foreach (var sideBySide in new[] { false, true })
        {
            using var scope = Libtorch.NewDisposeScope();
            using var generator = new Generator(1);
            var weight = Tensor.Randn([outputs, inputs, 3, 3], generator).To(type);
            var x = Tensor.Randn([examples, inputs, height, width], generator).To(type);
            var cotangent = Tensor.Randn([examples, outputs, height, width], generator).To(type);
            if (sideBySide)
            {
                (weight, x, cotangent) = (weight.ChannelsLast(), x.ChannelsLast(), cotangent.ChannelsLast());
            }

            // The second pass uses what the first one left.
            var found = Gradients(x, weight, cotangent, passes: 2);
            var expected = Gradients(
                x.To(ScalarType.Float64), weight.To(ScalarType.Float64), cotangent.To(ScalarType.Float64), passes: 1)[0];
            foreach (var one in found)
            {
                Assert.Equal(expected.Shape, one.Shape);
                Assert.InRange((one.To(ScalarType.Float64) - expected).Norm().Item() / expected.Norm().Item(), 0, tolerance);
            }
        }
    }

    [Fact]
    public void An_example_is_the_same_in_any_batch_to_the_bit()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var weight = Tensor.Randn([32, 32, 3, 3], generator).ChannelsLast();
        var x = Tensor.Randn([40, 32, 12, 12], generator).ChannelsLast();
        var cotangent = Tensor.Randn([40, 32, 12, 12], generator).ChannelsLast();
        var all = Gradients(x, weight, cotangent, 1)[0].Narrow(0, 17, 3);
        var some = Gradients(x.Narrow(0, 17, 3), weight, cotangent.Narrow(0, 17, 3), 1)[0];
        Assert.Equal(all.Contiguous().ToArray<float>(), some.Contiguous().ToArray<float>());
    }

    private static Tensor[] Gradients(Tensor x, Tensor weight, Tensor cotangent, int passes)
    {
        using var grad = Libtorch.EnableGrad();
        var leaf = x.Detach().RequireGrad();
        var y = leaf.Convolution(weight, null, [1, 1], [1, 1], [1, 1], 1);
        return [.. Enumerable.Range(0, passes).Select(pass => Autograd.Grad(y, leaf, cotangent, retainGraph: pass + 1 < passes))];
    }
}
