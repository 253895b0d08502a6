using Xunit;

namespace Occam.Torch.Tests;

/// <summary>
/// Convolutions in single precision and their gradients by their inputs, which Winograd's algorithm gives, against double.
/// </summary>
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

    /// <summary>
    /// Images of 16 squares or more, and many smaller ones, whose windows are transformed for one call, and few that are left to libtorch.
    /// </summary>
    [Theory]
    [InlineData(2, 32, 64, 16, 16)]
    [InlineData(3, 48, 32, 13, 21)]
    [InlineData(1, 80, 48, 31, 14)]
    [InlineData(20, 64, 32, 8, 8)]
    [InlineData(2, 32, 32, 8, 8)]
    public void A_convolution_its_gradients_and_their_own_are_those_in_double(int examples, int outputs, int inputs, int height, int width)
    {
        foreach (var sideBySide in new[] { false, true })
        {
            using var scope = Libtorch.NewDisposeScope();
            using var generator = new Generator(1);
            Tensor Laid(Tensor tensor) => sideBySide && tensor.Dimensions == 4 ? tensor.ChannelsLast() : tensor;
            Tensor[] inputsOf =
            [
                Laid(Tensor.Randn([examples, inputs, height, width], generator)), Laid(Tensor.Randn([outputs, inputs, 3, 3], generator)),
                Tensor.Randn([outputs], generator),
            ];
            Tensor[] cotangents = [.. inputsOf.Select(input => Tensor.Randn(input.Shape, generator))];
            var cotangent = Laid(Tensor.Randn([examples, outputs, height, width], generator));
            var found = All(inputsOf, cotangent, cotangents);
            var expected = All([.. inputsOf.Select(Wide)], Wide(cotangent), [.. cotangents.Select(Wide)]);
            foreach (var (one, other) in found.Zip(expected))
            {
                Assert.Equal(other.Shape, one.Shape);
                Assert.InRange((Wide(one) - other).Norm().Item() / other.Norm().Item(), 0, 3e-6);
            }
        }
    }

    [Fact]
    public void An_example_is_convolved_the_same_in_any_batch_to_the_bit()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var weight = Tensor.Randn([32, 32, 3, 3], generator).ChannelsLast();
        var x = Tensor.Randn([40, 32, 16, 16], generator).ChannelsLast();
        Tensor Convolved(Tensor some) => some.Convolution(weight, null, [1, 1], [1, 1], [1, 1], 1).Contiguous();
        Assert.Equal(Convolved(x).Narrow(0, 17, 3).ToArray<float>(), Convolved(x.Narrow(0, 17, 3)).ToArray<float>());
    }

    private static Tensor Wide(Tensor tensor) => tensor.Detach().To(ScalarType.Float64);

    // The value with and without a record, its gradients by input, weight and offset, and the gradients of theirs.
    private static Tensor[] All(Tensor[] inputs, Tensor cotangent, Tensor[] cotangents)
    {
        using var grad = Libtorch.EnableGrad();
        Tensor[] leaves = [.. inputs.Select(input => input.Detach().RequireGrad())];
        Tensor Value() => leaves[0].Convolution(leaves[1], leaves[2], [1, 1], [1, 1], [1, 1], 1);
        var y = Value();
        var plain = Autograd.Grad([y], leaves, [cotangent], retainGraph: true);
        var recorded = Autograd.Grad([y], leaves, [cotangent], createGraph: true);
        var second = Autograd.Grad([recorded[0]!, recorded[1]!], leaves[..2], cotangents[..2]);
        using var none = Libtorch.NoGrad();
        return [y, Value(), .. plain.Select(one => one!), .. recorded.Select(one => one!), .. second.Select(one => one!)];
    }

    private static Tensor[] Gradients(Tensor x, Tensor weight, Tensor cotangent, int passes)
    {
        using var grad = Libtorch.EnableGrad();
        var leaf = x.Detach().RequireGrad();
        var y = leaf.Convolution(weight, null, [1, 1], [1, 1], [1, 1], 1);
        return [.. Enumerable.Range(0, passes).Select(pass => Autograd.Grad(y, leaf, cotangent, retainGraph: pass + 1 < passes))];
    }
}
