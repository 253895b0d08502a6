using Occam.Derivatives;
using Occam.Measures;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class GeometricComplexityTests
{
    // Sums of a few thousand float64 products, in two orders.
    private const double Rounding = 1e-12;

    [Fact]
    public void An_affine_map_has_the_squared_norm_of_its_matrix()
    {
        var network = Affine(new double[,] { { 1, -2, 3 }, { 0.5, 0, 4 } }, 5, 6);
        AssertClose(1 + 4 + 9 + 0.25 + 16, Value("geometric-complexity", network, Gaussian(4, 2, 3)), Rounding);
    }

    [Fact]
    public void Dirichlet_energy_is_half_of_it()
    {
        var (network, data) = (Perceptron("tanh", 6, 9, 4), Gaussian(10, 4, 6));
        var complexity = Measure("geometric-complexity", network, data);
        var energy = Measure("dirichlet-energy", network, data);
        AssertClose(complexity.Value!.Value / 2, energy.Value, Rounding);
        AssertClose(complexity.Detail("samplingError") / 2, energy.Detail("samplingError"), Rounding);
        Assert.Equal(10, energy.PerExample.Length);
        AssertClose(energy.Value!.Value, energy.PerExample.Average(), Rounding);
    }

    public static TheoryData<string, Func<Network>, int[]> PiecewiseLinear => new()
    {
        { "perceptron", () => Perceptron("relu", 5, 12, 12, 3), [5] },
        { "LeakyRelu", () => Perceptron("leaky-relu", 5, 12, 3), [5] },
        { "clip", () => Clipped(), [2] },
        { "convolutions and poolings", () => Cnn(), [2, 8, 8] },
        { "residual", () => Residual(), [2, 6, 6] },
    };

    [Theory]
    [MemberData(nameof(PiecewiseLinear))]
    public void By_regions_equals_by_examples(string what, Func<Network> build, int[] shape)
    {
        var (network, data) = (build(), Gaussian(60, 2, shape));
        AssertClose(
            Value("geometric-complexity", network, data), Measure("geometric-complexity-by-regions", network, data).Value, Rounding);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void By_regions_counts_examples_that_share_a_region_together()
    {
        var data = Points([2], 1, 1, 1.5, 1.2, 1, 1, -2, -2, 9, 9);
        var byRegions = Measure("geometric-complexity-by-regions", Clipped(), data);
        AssertClose(Value("geometric-complexity", Clipped(), data), byRegions.Value, Rounding);
        Assert.Equal(3, byRegions.Detail("regions"));
        Assert.Equal(3, byRegions.Detail("largestRegion"));
    }

    [Theory]
    [InlineData("Clip")]
    [InlineData("Abs")]
    [InlineData("HardSigmoid")]
    public void By_regions_tells_apart_examples_on_a_kink(string type)
    {
        // Exactly 0 is where dark pixels and dead units put layers without a bias; HardSigmoid(−2.5) is 0 as well.
        var at = type == "HardSigmoid" ? -2.5 : 0;
        string[] inputs = type == "Clip" ? ["x", "least", "most"] : ["x"];
        var network = Graph(
            [1], [TestGraphs.Node(type, inputs, ["y"])], ("least", Tensor.Zeros([], ScalarType.Float64)),
            ("most", Tensor.Full([], 6, ScalarType.Float64)));
        var data = Points([1], at - 1, at, at + 1, at, at - 1);
        AssertClose(Value("geometric-complexity", network, data), Value("geometric-complexity-by-regions", network, data), Rounding);
    }

    public static TheoryData<string, Func<Network>, int[]> Several => new()
    {
        { "more inputs", () => Perceptron("tanh", 6, 9, 4), [6] },
        { "more outputs", () => Perceptron("tanh", 3, 9, 7), [3] },
        { "GELU", () => Perceptron("gelu", 4, 8, 4), [4] },
        { "ReLU", () => Perceptron("relu", 6, 9, 4), [6] },
        { "convolutions and poolings", () => Cnn("gelu"), [2, 8, 8] },
        { "residual", () => Residual(), [2, 6, 6] },
    };

    [Theory]
    [MemberData(nameof(Several))]
    public void It_is_what_finite_differences_say(string what, Func<Network> build, int[] shape)
    {
        var (network, data) = (build(), Gaussian(5, 2, shape));
        long[] sizes = [.. shape.Select(size => (long)size)];
        var expected = Examples(data).Average(x => SquaredNorm(NumericJacobian(network, x, sizes)));

        // Central differences with step 1e-5: an error of 1e-10 from the third derivative, 1e-11 from rounding.
        AssertClose(expected, Value("geometric-complexity", network, data), 1e-7);
        Assert.NotEmpty(what);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("gelu")]
    public void Rows_and_columns_give_the_same(string activation)
    {
        foreach (var (inputs, outputs) in new[] { (3, 7), (7, 3) })
        {
            using var scope = Libtorch.NewDisposeScope();
            var network = Perceptron(activation, inputs, 11, outputs);
            var context = Context(network, Gaussian(6, 2, inputs));
            Assert.Equal(outputs <= inputs, context.Jacobian.ByRows);

            // The side that is not shorter, because it is told that the other is long; and without the graph.
            const long Long = long.MaxValue / 2;
            var other = new InputJacobian(new Opaque(network), outputs <= inputs ? inputs : Long, outputs <= inputs ? Long : outputs);
            Assert.NotEqual(context.Jacobian.ByRows, other.ByRows);
            var x = context.Examples(0, 6);
            foreach (var (left, right) in context.Jacobian.SquaredNorms(x).Zip(other.SquaredNorms(x)))
            {
                AssertClose(left, right, Rounding);
            }

            var matrix = context.Jacobian.Matrix(x);
            Assert.Equal([6, outputs, inputs], matrix.Shape);
            AssertClose(context.Jacobian.SquaredNorms(x).Sum(), matrix.Square().Sum().Item(), Rounding);
        }
    }

    [Fact]
    public void Layers_agree_with_the_exact_value_of_each_layer_as_the_output()
    {
        var (network, data) = (Perceptron("tanh", 4, 6, 3), Gaussian(5, 2, 4));
        var layers = Measure("geometric-complexity", network, data, new MeasureOptions { Layers = true, Directions = 600 }).Layers;
        Assert.Equal(["layer1", "layer2"], layers.Select(layer => layer.Name));
        foreach (var layer in layers)
        {
            var exact = Value("geometric-complexity", network.WithOutput(layer.Name + ".output"), data);

            // Five standard errors: a chance of one in a million.
            Assert.InRange(layer.Value, exact - (5 * layer.StandardError), exact + (5 * layer.StandardError));
            Assert.InRange(layer.StandardError, exact * 1e-4, exact * 0.1);
        }
    }

    [Fact]
    public void Batch_normalization_makes_no_difference_whether_folded_or_not()
    {
        var (network, data) = (Cnn(), Gaussian(6, 2, 2, 8, 8));
        var context = Context(network, data);
        Assert.NotEmpty(context.Subject.Folding!.Folded);
        using var scope = Libtorch.NewDisposeScope();
        var unfolded = new InputJacobian(network, context.Inputs, context.Outputs).SquaredNorms(context.Examples(0, 6)).Average();
        AssertClose(unfolded, Value("geometric-complexity", network, data), 1e-10);
    }

    private static Network Clipped() => Graph(
        [2],
        [
            TestGraphs.Node("Clip", ["x", "least", "most"], ["c"]),
            TestGraphs.Node("Gemm", ["c", "W", "b"], ["y"], Attributes.Of(("transB", 1L))),
        ],
        ("least", Tensor.Full([], -1, ScalarType.Float64)), ("most", Tensor.Full([], 2, ScalarType.Float64)),
        ("W", Tensor.FromArray([1.0, 2, 3, 4], 2, 2)), ("b", Tensor.FromArray([1.0, 2], 2)));

    /// <summary>A network seen as a plain function, without its graph.</summary>
    private sealed class Opaque(Network network) : IFunction
    {
        public System.Collections.Immutable.ImmutableArray<long?> ExampleShape => network.ExampleShape;

        public ScalarType Type => network.Type;

        public Device Device => network.Device;

        public Tensor Forward(Tensor input) => network.Forward(input);
    }
}
