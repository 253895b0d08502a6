using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class LipschitzTests
{
    public static TheoryData<string, Func<Network>, int[]> Networks => new()
    {
        { "ReLU", () => Perceptron("relu", 6, 12, 12, 4), [6] },
        { "tanh", () => Perceptron("tanh", 6, 12, 4), [6] },
        { "GELU", () => Perceptron("gelu", 3, 12, 5), [3] },
        { "one output", () => Perceptron("relu", 4, 12, 1), [4] },
        { "convolutions and poolings", () => Cnn(), [2, 8, 8] },
        { "residual", () => Residual(), [2, 6, 6] },
        { "overlapping windows", () => Overlapping(), [1, 7, 7] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Geometric_complexity_and_the_bounds_are_in_order(string what, Func<Network> build, int[] shape)
    {
        var (network, data) = (build(), Gaussian(20, 2, shape));
        var context = Context(network, data);
        var complexity = Measure("geometric-complexity", context).Value!.Value;
        var local = Measure("local-lipschitz", context);
        var lower = Measure("lipschitz-lower", context);
        var upper = Measure("lipschitz-upper", context).Value!.Value;
        var rank = Math.Min(context.Inputs, context.Outputs);
        var largest = local.Detail("maximum");
        const double Rounding = 1 + 1e-12;
        Assert.True(complexity <= rank * largest * largest * Rounding, what);
        Assert.True(local.Value <= largest && largest <= lower.Value * Rounding, what);
        Assert.True(lower.Value <= upper * Rounding, $"{what}: {lower.Value} is above {upper}");
        Assert.True(complexity <= rank * upper * upper * Rounding, what);
        AssertClose(largest, lower.Detail("onData"), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Local_constants_are_the_singular_values_of_the_function(string what, Func<Network> build, int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (build(), Gaussian(4, 2, shape));
        long[] sizes = [.. shape.Select(size => (long)size)];
        var expected = Examples(data).Select(x => LargestSingularValue(NumericJacobian(network, x, sizes))).ToArray();
        var local = Measure("local-lipschitz", network, data);

        // Central differences are good to 1e-9 or so.
        AssertClose(expected.Average(), local.Value, 1e-7);
        AssertClose(expected.Max(), local.Detail("maximum"), 1e-7);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void Quantiles_are_numpys()
    {
        // f(x) = x²/2 has the slope |x|: numpy.quantile([1, 2, 3, 10], [0.5, 0.95]) is [2.5, 8.95].
        var network = Graph(
            [1], [TestGraphs.Node("Mul", ["x", "x"], ["s"]), TestGraphs.Node("Mul", ["s", "half"], ["y"])],
            ("half", Tensor.Full([1], 0.5, ScalarType.Float64)));
        var local = Measure("local-lipschitz", network, Points([1], 10, -1, 3, 2));
        AssertClose(4, local.Value, 1e-12);
        AssertClose(2.5, local.Detail("median"), 1e-12);
        AssertClose(8.95, local.Detail("p95"), 1e-12);
        AssertClose(10, local.Detail("maximum"), 1e-12);
    }

    [Theory]
    [InlineData(4, FinalActivation.None)]
    [InlineData(4, FinalActivation.Softmax)]
    [InlineData(4, FinalActivation.Sigmoid)]
    [InlineData(1, FinalActivation.None)]
    public void On_probabilities_they_are_those_of_softmax_or_sigmoid(int outputs, FinalActivation final)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("tanh", 6, 9, outputs), Gaussian(6, 2, 6));
        double[] Sigmoids(double[] z) => Array.ConvertAll(z, value => 1 / (1 + Math.Exp(-value)));
        double[] Softmax(double[] z) => Array.ConvertAll(z, value => Math.Exp(value) / z.Sum(Math.Exp));
        Func<double[], double[]> probabilities = outputs == 1 || final == FinalActivation.Sigmoid ? Sigmoids : Softmax;
        var expected = Examples(data).Select(x => LargestSingularValue(NumericJacobian(network, x, [6], probabilities))).ToArray();
        var local = Measure("local-lipschitz", Context(network, data, final: final));
        AssertClose(expected.Average(), local.Detail("probabilities.mean"), 1e-7);
        AssertClose(expected.Max(), local.Detail("probabilities.maximum"), 1e-7);
    }

    [Fact]
    public void The_upper_bound_of_one_dense_layer_is_its_spectral_norm()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("relu", 9, 5);
        var sigma = network.Graph.Initializers["layer1.weight"].SingularValues().AMax([0]).Item();
        AssertBound(sigma, Value("lipschitz-upper", network, Gaussian(2, 2, 9)));
        AssertClose(sigma, Value("lipschitz-lower", network, Gaussian(2, 2, 9)), 1e-12);
        var single = network.To(ScalarType.Float32, Device.Cpu);
        Assert.True(Value("lipschitz-lower", single, Gaussian(2, 2, 9)) <= Value("lipschitz-upper", single, Gaussian(2, 2, 9)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void The_upper_bound_of_one_convolution_is_its_dense_matrix_norm(int stride, int padding)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        var network = new NetworkBuilder("conv", [2, 7, 7], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("conv", 3, 3, stride, padding).Build();
        var data = Gaussian(2, 2, 2, 7, 7);
        var sigma = LargestSingularValue(NumericJacobian(network, Example(data, 0), [2, 7, 7]));
        AssertBound(sigma, Value("lipschitz-upper", network, data));
    }

    [Fact]
    public void Branches_add_up_and_the_bound_by_layer_is_told()
    {
        // x + 2x, twice: 9.
        var network = Graph(
            [3],
            [
                TestGraphs.Node("Mul", ["x", "two"], ["a"]), TestGraphs.Node("Add", ["a", "x"], ["b"]),
                TestGraphs.Node("Mul", ["b", "two"], ["c"]), TestGraphs.Node("Add", ["c", "b"], ["y"]),
            ],
            ("two", Tensor.Full([1], 2, ScalarType.Float64)));
        AssertBound(9, Value("lipschitz-upper", network, Gaussian(2, 2, 3)));
        var layers = Measure("lipschitz-upper", Perceptron("relu", 4, 5, 3), Gaussian(2, 2, 4)).Layers;
        Assert.Equal(["layer1", "layer2"], layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Where_nothing_bounds_the_slope_there_is_no_upper_bound()
    {
        var network = Graph([2], [TestGraphs.Node("Exp", ["x"], ["y"])], ("type", Tensor.Zeros([1], ScalarType.Float64)));
        var result = MeasureCatalogue.Find("lipschitz-upper").Measurement(Context(network, Gaussian(2, 2, 2)));
        Assert.Null(result.Value);
        Assert.Contains("Exp", result.NotApplicable);
    }

    [Fact]
    public void Ascent_finds_the_steep_place_between_the_data()
    {
        // tanh(3x) is steepest at 0, with slope 3; the data are on its flat sides.
        var network = Graph(
            [1], [TestGraphs.Node("Mul", ["x", "three"], ["a"]), TestGraphs.Node("Tanh", ["a"], ["y"])],
            ("three", Tensor.Full([1], 3, ScalarType.Float64)));
        var lower = Measure("lipschitz-lower", network, Points([1], -0.6, 0.7));
        Assert.True(lower.Detail("onData") < 0.5);
        Assert.InRange(lower.Value!.Value, 2.9, 3);
    }

    private static Network Overlapping()
    {
        using Generator generator = new(4);
        return Shaken(new NetworkBuilder("overlapping", [1, 7, 7], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .MaxPool("max", 3, 1)
                .Convolution("conv", 3, 3, padding: 1)
                .Activation("relu", "relu")
                .MaxPool("max2", 3, 2)
                .Flatten("flat")
                .Dense("fc", 2)
                .Build());
    }

    // The bound allows for the rounding of norms found in float32, 1e-5, and for what is left of the iteration.
    private static void AssertBound(double sigma, double bound) => Assert.InRange(bound, sigma, sigma * (1 + 2e-5));
}
