using Xunit;

namespace Occam.Torch.Tests;

/// <summary>The operators whose derivatives are our own, against elementary operators and libtorch's derivatives of them.</summary>
public sealed class NativeDerivativeTests
{
    private const double Epsilon = 1e-5;

    public static TheoryData<long[], bool> Layouts => new()
    {
        { [6, 5, 3, 4], true }, { [3, 2, 9, 10], true }, { [3, 40, 5, 5], true }, { [4, 3, 9, 9], false }, { [7, 20, 3, 3], false },
        { [9, 4], false }, { [5, 33], false }, { [2, 3, 2, 3, 4], false }, { [2, 3, 5, 4, 5], false },
    };

    public static TheoryData<long[], long[], long[], long[], long[], long> Convolutions => new()
    {
        { [3, 4, 6, 5], [6, 4, 3, 3], [1, 1], [1, 1], [1, 1], 1 },
        { [3, 4, 7, 5], [6, 2, 3, 2], [2, 1], [0, 1], [1, 2], 2 },
        { [2, 3, 9], [4, 3, 3], [2], [1], [1], 1 },
        { [2, 2, 4, 4, 3], [3, 2, 2, 2, 2], [1, 1, 1], [0, 1, 0], [1, 1, 1], 1 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Training_batch_norm_and_three_derivatives_are_those_of_its_formula(long[] shape, bool channelsLast)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (inputs, mean, variance) = Normalized(shape, channelsLast, ScalarType.Float64);
        Tensor Ours(Tensor[] x) => x[0].BatchNormTraining(x[1], x[2], mean, variance, 0.1, Epsilon);
        AssertClose(Derivatives(ByElements, inputs), Derivatives(Ours, inputs), 1e-11);

        // What comes after makes the cotangent a function of the input, too.
        AssertClose(Derivatives(x => ByElements(x).Tanh(), inputs), Derivatives(x => Ours(x).Tanh(), inputs), 1e-11);
    }

    [Fact]
    public void A_cotangent_may_be_constant_or_its_derivative_zero()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (inputs, mean, variance) = Normalized([6, 4, 3, 3], channelsLast: false, ScalarType.Float64);
        Tensor Ours(Tensor[] x) => x[0].BatchNormTraining(x[1], x[2], mean, variance, 0.1, Epsilon);
        var weights = Tensor.Arange(0, 216, 1, ScalarType.Float64).Reshape(6, 4, 3, 3);
        foreach (var record in new[] { false, true })
        {
            AssertClose(Slopes(x => ByElements(x).Abs(), record), Slopes(x => Ours(x).Abs(), record), 1e-11);
            AssertClose(Slopes(ByElements, record), Slopes(Ours, record), 1e-11);
        }

        // The gradients of the squared norm of the gradient by the input.
        Tensor[] Slopes(Func<Tensor[], Tensor> function, bool record)
        {
            var slope = Autograd.Grad((function(inputs) * weights).Sum(), inputs[0], createGraph: true);
            return [.. Autograd.Grad([(slope * slope).Sum()], inputs[..2], createGraph: record).Select(gradient => gradient!)];
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void In_single_precision_training_batch_norm_and_two_derivatives_are_those_in_double(long[] shape, bool channelsLast)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (wide, _, _) = Normalized(shape, channelsLast, ScalarType.Float64);
        var (narrow, mean, variance) = Normalized(shape, channelsLast, ScalarType.Float32);
        var ours = Derivatives(x => x[0].BatchNormTraining(x[1], x[2], mean, variance, 0.1, Epsilon), narrow)[..^3];
        AssertClose(Derivatives(ByElements, wide)[..^3], ours, 2e-5);
    }

    [Fact]
    public void Training_batch_norm_moves_the_statistics_by_the_momentum()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (mean, variance) = (Tensor.FromArray([1.0, 0.0], 2), Tensor.FromArray([2.0, 1.0], 2));
        var x = Tensor.FromArray([1.0, 10, 2, 20, 6, 60], 3, 2);
        x.BatchNormTraining(Tensor.Ones([2], ScalarType.Float64), Tensor.Zeros([2], ScalarType.Float64), mean, variance, 0.25, Epsilon);

        // Of 1, 2 and 6: mean 3, unbiased variance 7.
        AssertNear([1.5, 7.5], mean);
        AssertNear([3.25, 175.75], variance);
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void A_convolution_and_three_derivatives_are_libtorchs(
        long[] input, long[] window, long[] stride, long[] padding, long[] dilation, long groups)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(5);
        var convolution = new TorchOperator("aten::convolution");
        Tensor[] inputs = [Leaf(input), Leaf(window), Leaf(window[0])];
        foreach (var given in new[] { inputs, inputs[..2] })
        {
            var ours = Derivatives(x => x[0].Convolution(x[1], x.ElementAtOrDefault(2), stride, padding, dilation, groups), given);
            var theirs = Derivatives(x => convolution.Call(
                x[0], x[1], x.ElementAtOrDefault(2), stride, padding, dilation, false, new long[stride.Length], groups), given);
            AssertClose(theirs, ours, 1e-12);
        }

        Tensor Leaf(params long[] shape) => Tensor.Randn(shape, generator, ScalarType.Float64).RequireGrad();
    }

    // The value, its gradients, theirs (recorded or not) and the recorded ones' own, each from fixed random cotangents.
    private static Tensor[] Derivatives(Func<Tensor[], Tensor> function, Tensor[] inputs)
    {
        using var generator = new Generator(9);
        Tensor Cotangent(Tensor like) => Tensor.Randn(like.Shape, generator, ScalarType.Float64).To(like.ScalarType);
        var value = function(inputs);
        var cotangent = Cotangent(value).RequireGrad();
        var first = Given(Autograd.Grad([value], inputs, [cotangent], createGraph: true));
        Tensor[] of = [cotangent, inputs[0], inputs[1]], second = Array.ConvertAll(first, Cotangent);
        var plain = Given(Autograd.Grad(first, of, second, retainGraph: true));
        var recorded = Given(Autograd.Grad(first, of, second, createGraph: true));
        var third = Given(Autograd.Grad(recorded, of, Array.ConvertAll(recorded, Cotangent)));
        return [value, .. first, .. plain, .. recorded, .. third];

        static Tensor[] Given(Tensor?[] tensors) => Array.ConvertAll(tensors, tensor => tensor!);
    }

    private static Tensor ByElements(Tensor[] inputs)
    {
        var (x, scale, bias) = (inputs[0], inputs[1], inputs[2]);
        long[] others = [0, .. Enumerable.Range(2, x.Dimensions - 2).Select(i => (long)i)], byChannel =
            [-1, .. Enumerable.Repeat(1L, x.Dimensions - 2)];
        var centred = x - x.Mean(others, keep: true);
        var deviation = ((centred * centred).Mean(others, keep: true) + Epsilon).Sqrt();
        return (centred / deviation * scale.Reshape(byChannel)) + bias.Reshape(byChannel);
    }

    private static (Tensor[] Inputs, Tensor Mean, Tensor Variance) Normalized(long[] shape, bool channelsLast, ScalarType type)
    {
        using var generator = new Generator(3);
        var x = ((Tensor.Randn(shape, generator, ScalarType.Float64) * 2) + 3).To(type);
        Tensor Vector() => Tensor.Randn([shape[1]], generator, ScalarType.Float64).To(type);
        return (
            [(channelsLast ? x.ChannelsLast() : x).Detach().RequireGrad(), Vector().RequireGrad(), Vector().RequireGrad()], Vector(),
            Vector());
    }

    private static void AssertClose(Tensor[] expected, Tensor[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var (wanted, found) = (expected[i].Detach().To(ScalarType.Float64), actual[i].Detach().To(ScalarType.Float64));
            Assert.Equal(wanted.Shape, found.Shape);
            Assert.InRange((found - wanted).Norm().Item(), 0, tolerance * wanted.Norm().Item());
        }
    }

    private static void AssertNear(double[] expected, Tensor actual)
    {
        foreach (var (wanted, found) in expected.Zip(actual.ToArray<double>()))
        {
            Assert.Equal(wanted, found, 12);
        }
    }
}
