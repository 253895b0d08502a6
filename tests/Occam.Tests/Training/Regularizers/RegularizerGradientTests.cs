using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Regularizers;
using Xunit;

namespace Occam.Tests.Training.Regularizers;

public sealed class RegularizerGradientTests
{
    /// <summary>Every regularizer in its forms.</summary>
    public static TheoryData<string, Regularizer> Regularizers => new()
    {
        { "weights", new L2Regularizer(1) },
        { "all parameters", new L2Regularizer(1, AllParameters: true) },
        { "matrices", new SpectralRegularizer(1) },
        { "operators", new SpectralRegularizer(1, OperatorNorm: true) },
        { "same batch", new FlatnessRegularizer(1) },
        { "fresh batch", new FlatnessRegularizer(1, FreshBatch: true) },
        { "exact", new GeometricComplexityRegularizer(1) },
        { "two cotangents", new GeometricComplexityRegularizer(1, Cotangents: 2) },
        { "running statistics", new GeometricComplexityRegularizer(1, RunningStatistics: true) },
        { "inner", new GeometricComplexityRegularizer(1, Cotangents: 3, Node: "act1") },
        { "halved", new Jacobian(1) },
        { "towards 1", new GradientPenalty(1) },
        { "smoothed", new LabelSmoothing(1) },
    };

    [Fact]
    public void Every_regularizer_is_checked()
    {
        var missing = Family.Types(typeof(Regularizer), typeof(Regularizer).Assembly)
            .Except(Regularizers.Select(row => row.Data.Item2.GetType()))
            .Select(type => type.Name);
        Assert.True(
            !missing.Any(), $"give {nameof(RegularizerGradientTests)}.{nameof(Regularizers)} a line for {string.Join(", ", missing)}");
    }

    [Theory]
    [MemberData(nameof(Regularizers))]
    public void Gradients_through_convolutions_normalization_and_poolings_are_finite_differences(string form, Regularizer regularizer)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(8);
        var x = Tensor.Randn([3, 2, 8, 8], generator, ScalarType.Float64);
        var y = Tensor.FromArray([0.0, 2, 1], 3, 1);
        foreach (var training in new[] { false, true })
        {
            Numeric.AssertGradient(regularizer, Measures.Measuring.Cnn("tanh"), new CrossEntropy(), x, y, training);
        }

        Assert.NotEmpty(form);
    }

    /// <summary>Operators between two layers: what is curved, and what is bent, far from its kinks for these numbers.</summary>
    public static TheoryData<string, Attributes, string[]> Activations => new()
    {
        { "Celu", Attributes.Of(("alpha", 0.7)), [] }, { "Elu", Attributes.Of(), [] }, { "Selu", Attributes.Of(), [] },
        { "Softplus", Attributes.Of(), [] }, { "Swish", Attributes.Of(("alpha", 1.7)), [] },
        { "Softsign", Attributes.Of(), [] }, { "HardSwish", Attributes.Of(), [] }, { "Gelu", Attributes.Of(), [] },
        { "Gelu", Attributes.Of(("approximate", "tanh")), [] },
        { "Mish", Attributes.Of(), [] }, { "Tanh", Attributes.Of(), [] }, { "Sigmoid", Attributes.Of(), [] },
        { "Erf", Attributes.Of(), [] },
        { "Sin", Attributes.Of(), [] }, { "Cos", Attributes.Of(), [] }, { "Atan", Attributes.Of(), [] }, { "Asinh", Attributes.Of(), [] },
        { "HardSigmoid", Attributes.Of(), [] }, { "Relu", Attributes.Of(), [] }, { "LeakyRelu", Attributes.Of(), [] },
        { "Abs", Attributes.Of(), [] },
        { "PRelu", Attributes.Of(), ["slope"] }, { "Clip", Attributes.Of(), ["low", "high"] },
    };

    [Fact]
    public void Every_activation_of_the_graph_is_checked()
    {
        var known = typeof(Network).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.BaseType is { Name: "CurvedActivation" or "PiecewiseAffineActivation" })
            .Select(type => ((Operator)Activator.CreateInstance(type)!).Type);
        var missing = known.Except(Activations.Select(row => row.Data.Item1));
        Assert.True(
            !missing.Any(), $"give {nameof(RegularizerGradientTests)}.{nameof(Activations)} a line for {string.Join(", ", missing)}");
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Second_derivatives_of_activations_are_finite_differences(string activation, Attributes attributes, string[] more) =>
        Check([4], [
            TestGraphs.Node("Gemm", ["x", "W", "b"], ["z"], Attributes.Of(("transB", 1L))),
            TestGraphs.Node(activation, ["z", .. more], ["a"], attributes),
            TestGraphs.Node("Gemm", ["a", "V"], ["y"], Attributes.Of(("transB", 1L)))]);

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    [InlineData("GlobalAveragePool")]
    [InlineData("GlobalMaxPool")]
    public void Second_derivatives_of_poolings_are_finite_differences(string pooling) =>
        Check([1, 6, 6], [
            TestGraphs.Node("Conv", ["x", "K"], ["z"]),
            TestGraphs.Node("Tanh", ["z"], ["t"]),
            TestGraphs.Node(pooling, ["t"], ["p"], pooling.StartsWith("Global", StringComparison.Ordinal)
                ? Attributes.Of()
                : Attributes.Of(("kernel_shape", new[] { 2L, 2 }), ("strides", new[] { 2L, 2 }))),
            TestGraphs.Node("Flatten", ["p"], ["y"])]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Second_derivatives_of_batch_normalization_are_finite_differences(bool training) =>
        Check([1, 6, 6], [
            TestGraphs.Node("Conv", ["x", "K"], ["z"]),
            TestGraphs.Node("BatchNormalization", ["z", "s", "o", "m", "v"], ["n"]),
            TestGraphs.Node("Tanh", ["n"], ["t"]),
            TestGraphs.Node("Flatten", ["t"], ["y"])], training);

    [Fact]
    public void Second_derivatives_of_strided_grouped_and_transposed_convolutions_are_finite_differences() =>
        Check([2, 6, 6], [
            TestGraphs.Node(
                "Conv", ["x", "G"], ["z"], Attributes.Of(("group", 2L), ("strides", new[] { 2L, 1 }), ("pads", new[] { 1L, 0, 0, 1 }))),
            TestGraphs.Node("Tanh", ["z"], ["t"]),
            TestGraphs.Node("ConvTranspose", ["t", "T"], ["u"], Attributes.Of(("strides", new[] { 2L, 2 }))),
            TestGraphs.Node("Tanh", ["u"], ["q"]),
            TestGraphs.Node("Flatten", ["q"], ["y"])]);

    private static void Check(long[] shape, Node[] nodes, bool training = false)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(21);
        Tensor Random(params long[] sizes) => Tensor.Randn(sizes, generator, ScalarType.Float64) * 0.5;
        (string, Tensor)[] all =
        [
            ("W", Random(5, 4)), ("b", Random(5)), ("V", Random(3, 5)), ("K", Random(2, 1, 3, 3)), ("G", Random(4, 1, 3, 2)),
            ("T", Random(4, 2, 2, 2)),
            ("slope", Random(5)), ("low", Tensor.Full([], -0.6, ScalarType.Float64)), ("high", Tensor.Full([], 0.7, ScalarType.Float64)),
            ("s", Random(2) + 1), ("o", Random(2)), ("m", Random(2)), ("v", Tensor.Rand([2], generator, ScalarType.Float64) + 0.5),
        ];
        var network = Measures.Measuring.Graph(shape, nodes, [.. all.Where(pair => nodes.Any(node => node.Inputs.Contains(pair.Item1)))]);
        var x = Random([4, .. shape]) * 2;
        foreach (Regularizer regularizer in new Regularizer[] { new GeometricComplexityRegularizer(1), new FlatnessRegularizer(1) })
        {
            var outputs = network.Forward(x).Size(1);
            Numeric.AssertGradient(
                regularizer, network, new HalfSquaredError(), x, Tensor.Ones([4, outputs], ScalarType.Float64), training);
        }
    }
}
