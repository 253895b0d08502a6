using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Gradients by the input of convolutions from few channels, in single precision, against double.</summary>
public sealed class NarrowConvolutionTests
{
    [Theory]
    [InlineData(2, 64, 3, 7, 7, 2, 2, 3, 3, 224, 97, ScalarType.Float32, 2e-6)]
    [InlineData(3, 20, 1, 3, 3, 1, 1, 1, 1, 28, 28, ScalarType.Float32, 2e-6)]
    [InlineData(1, 16, 15, 5, 2, 1, 3, 0, 1, 9, 70, ScalarType.Float32, 2e-6)]
    [InlineData(2, 200, 2, 2, 3, 3, 1, 0, 2, 130, 5, ScalarType.Float32, 2e-6)]
    [InlineData(2, 33, 4, 1, 1, 1, 1, 0, 0, 6, 7, ScalarType.Float32, 2e-6)]
    [InlineData(2, 33, 4, 1, 1, 2, 3, 0, 0, 7, 7, ScalarType.Float32, 2e-6)]
    [InlineData(2, 64, 3, 3, 3, 1, 1, 1, 1, 32, 32, ScalarType.BFloat16, 1e-2)]
    public void It_is_the_gradient(
        int examples, int outputs, int inputs, int rows, int columns, int down, int right, int above, int left, int height, int width,
        ScalarType type, double tolerance)
    {
        foreach (var sideBySide in new[] { false, true })
        {
            using var scope = Libtorch.NewDisposeScope();
            using var generator = new Generator(1);
            Tensor Made(params long[] shape)
            {
                var made = Tensor.Randn(shape, generator).To(type);
                return sideBySide ? made.ChannelsLast() : made;
            }

            Window window = new([down, right], [above, left]);
            var (weight, x) = (Made(outputs, inputs, rows, columns), Made(examples, inputs, height, width));
            var cotangent = Made([.. window.Convolve(x, weight).Shape]);
            var expected = window.Gradient(Wide(x), Wide(weight), Wide(cotangent), passes: 1)[0];

            // The second pass uses what the first one left.
            foreach (var found in window.Gradient(x, weight, cotangent, passes: 2))
            {
                Assert.Equal(expected.Shape, found.Shape);
                Assert.Equal(type, found.ScalarType);
                Assert.InRange((Wide(found) - expected).Norm().Item() / expected.Norm().Item(), 0, tolerance);
            }
        }
    }

    [Fact]
    public void An_example_is_the_same_in_any_batch_and_on_any_number_of_threads_to_the_bit()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        Window window = new([2, 2], [3, 3]);
        var (weight, x) = (Tensor.Randn([32, 3, 7, 7], generator), Tensor.Randn([5, 3, 150, 40], generator));
        var cotangent = Tensor.Randn([5, 32, 75, 20], generator);
        float[] Of(int from, int count) => window.Gradient(x.Narrow(0, from, count), weight, cotangent.Narrow(0, from, count), 1)[0]
            .Contiguous().ToArray<float>();
        var each = Enumerable.Range(0, 5).SelectMany(i => Of(i, 1)).ToArray();
        Assert.Equal(each, Of(0, 5));
        var threads = Libtorch.Threads;
        try
        {
            Libtorch.Threads = 1;
            Assert.Equal(each, Of(0, 5));
        }
        finally
        {
            Libtorch.Threads = threads;
        }
    }

    [Fact]
    public void Where_a_graph_is_kept_its_gradients_and_their_own_are_those_in_double()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        Tensor[] tensors =
        [
            Tensor.Randn([2, 3, 12, 12], generator), Tensor.Randn([24, 3, 3, 3], generator), Tensor.Randn([2, 24, 12, 12], generator),
            Tensor.Randn([2, 3, 12, 12], generator),
        ];
        var (found, expected) = (Second(tensors), Second([.. tensors.Select(Wide)]));
        foreach (var (one, other) in found.Zip(expected))
        {
            Assert.InRange((Wide(one) - other).Norm().Item() / other.Norm().Item(), 0, 3e-6);
        }
    }

    // The gradients by input and weight, and the gradient by the weight of a number that they make.
    private static Tensor[] Second(Tensor[] tensors)
    {
        using var grad = Libtorch.EnableGrad();
        var (x, weight) = (tensors[0].Detach().RequireGrad(), tensors[1].Detach().RequireGrad());
        var y = x.Convolution(weight, null, [1, 1], [1, 1], [1, 1], 1);
        var first = Autograd.Grad([y], [x, weight], [tensors[2]], createGraph: true);
        return [first[0]!.Detach(), first[1]!.Detach(), Autograd.Grad((first[0]! * tensors[3]).Sum(), weight)];
    }

    private static Tensor Wide(Tensor tensor) => tensor.Detach().To(ScalarType.Float64);

    private sealed record Window(long[] Stride, long[] Padding)
    {
        public Tensor Convolve(Tensor x, Tensor weight) => x.Convolution(weight, null, Stride, Padding, [1, 1], 1);

        public Tensor[] Gradient(Tensor x, Tensor weight, Tensor cotangent, int passes)
        {
            using var grad = Libtorch.EnableGrad();
            var leaf = x.Detach().RequireGrad();
            var y = Convolve(leaf, weight);
            return [.. Enumerable.Range(0, passes).Select(pass => Autograd.Grad(y, leaf, cotangent, retainGraph: pass + 1 < passes))];
        }
    }
}
