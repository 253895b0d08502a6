using Occam.Data;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Weights;

public sealed class WeightRobustnessTests
{
    public static TheoryData<string> Ids => [.. MeasureCatalogue.All.Values.Where(IsOfWeights).Select(measure => measure.Id)];

    /// <summary>Those that matrices of a few numbers have: no spectrum is fitted to so few.</summary>
    public static TheoryData<string> OfSmallNetworks =>
        [.. MeasureCatalogue.All.Values.Where(IsOfWeights).Where(measure => measure is not PowerLawExponent).Select(measure => measure.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_network_without_parameters_has_a_value_or_a_reason(string id)
    {
        var network = Measuring.Graph([3], [TestGraphs.Node("Relu", ["x"], ["y"])]);
        var result = Result(id, network, initial: network);
        Assert.True(result.Value is { } value ? double.IsFinite(value) : result.NotApplicable is not null);
        if (MeasureCatalogue.Find(id) is WeightMeasure)
        {
            Assert.Contains("has none", result.NotApplicable);
        }
    }

    [Theory]
    [MemberData(nameof(OfSmallNetworks))]
    public void One_layer_is_a_network(string id) =>
        Assert.NotNull(Result(id, Measuring.Perceptron("relu", 3, 2), initial: Started(3, 2)).Value);

    [Theory]
    [MemberData(nameof(OfSmallNetworks))]
    public void Dead_units_leave_a_finite_value(string id)
    {
        // A unit without weights in, and one without weights out.
        var network = Measuring.Perceptron("relu", 3, 4, 2);
        var (W1, W2) = (network.Graph.Initializers["layer1.weight"].Clone(), network.Graph.Initializers["layer2.weight"].Clone());
        W1.Select(0, 1).ZeroInPlace();
        W2.Select(1, 2).ZeroInPlace();
        var value = Result(
            id, network.WithInitializers([KeyValuePair.Create("layer1.weight", W1), KeyValuePair.Create("layer2.weight", W2)]),
            Started(3, 4, 2)).Value;
        Assert.True(value is { } number && double.IsFinite(number));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_layer_of_zeros_has_a_value_or_a_reason(string id)
    {
        var network = Measuring.Perceptron("relu", 3, 4, 2);
        var result = Result(
            id, network.WithInitializers([KeyValuePair.Create("layer1.weight", network.Graph.Initializers["layer1.weight"] * 0)]),
            Started(3, 4, 2));
        Assert.True(result.Value is { } value ? double.IsFinite(value) : result.NotApplicable is not null, result.Value?.ToString());
    }

    [Theory]
    [MemberData(nameof(OfSmallNetworks))]
    public void Without_labels_bare_values_remain(string id)
    {
        var network = Measuring.Perceptron("relu", 3, 4, 2);
        var context = new MeasureContext(new Subject(network).WithInitial(Started(3, 4, 2)), Measuring.Points([3], 1, 2, 3));
        var result = MeasureCatalogue.Find(id).Measurement(context);
        if (MeasureCatalogue.Find(id).Needs.HasFlag(MeasureNeeds.Labels))
        {
            Assert.Contains("needs class labels", result.NotApplicable);
        }
        else
        {
            Assert.NotNull(result.Value);
            Assert.DoesNotContain(result.Details, detail => detail.Key is "capacity" or "overMargin");
        }
    }

    [Theory]
    [MemberData(nameof(OfSmallNetworks))]
    public void Without_data_what_depends_on_weights_alone_remains(string id)
    {
        var result = MeasureCatalogue
            .Find(id)
            .Measurement(new MeasureContext(new Subject(Measuring.Perceptron("relu", 3, 4, 2)).WithInitial(Started(3, 4, 2)), null));
        Assert.Equal(MeasureCatalogue.Find(id).Needs.HasFlag(MeasureNeeds.Data), result.Value is null);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.5)]
    public void A_margin_that_isn_t_positive_gives_no_capacity(double margin)
    {
        // Logits 0 and the input, of which the first is right.
        var network = Measuring.Affine(new double[,] { { 0 }, { 1 } }, 0, 0);
        var data = DataSet.FromArrays("one", [1], [-margin], [0]);
        var norm = Measuring.Measure("l2-norm", network, data);
        Assert.Equal(margin, norm.Detail("margin"));
        Assert.DoesNotContain(norm.Details, detail => detail.Key is "capacity" or "overMargin");
        Assert.Contains(norm.Notes, note => note.Contains("means nothing"));
        foreach (var id in new[] { "inverse-margin", "path-norm-over-margin", "log-prod-of-spec-over-margin", "lipschitz-capacity" })
        {
            Assert.Contains("would mean nothing", MeasureCatalogue.Find(id).Measurement(Measuring.Context(network, data)).NotApplicable);
        }
    }

    [Fact]
    public void Lipschitz_capacity_is_its_formula()
    {
        // Logits (3x₁, x₂): C = 3, margins 3 and 1, of which the 5th percentile is 1.1; both examples √½ from their mean; n = 2.
        var network = Measuring.Affine(new double[,] { { 3, 0 }, { 0, 1 } }, 0, 0);
        var result = Measuring.Measure("lipschitz-capacity", network, DataSet.FromArrays("two", [2], [1, 0, 0, 1], [0, 1]));
        Assert.Equal((2 * Math.Log(3 / 1.1)) + Math.Log(2 * Math.Sqrt(0.5)), result.Value!.Value, 1e-4);
        Measuring.AssertClose(1.1, result.Detail("margin"), 1e-12);
        Measuring.AssertClose(Math.Sqrt(2), result.Detail("diameter"), 1e-12);
        Assert.Equal((2, 3), (result.Detail("inputs"), Math.Round(result.Detail("lipschitz"), 3)));

        // Through a hidden layer C is the product of the norms, 3 · 2, and the margins double.
        var deep = Measuring.Graph(
            [2],
            [
                TestGraphs.Node("MatMul", ["x", "W"], ["h"]), TestGraphs.Node("Relu", ["h"], ["a"]),
                TestGraphs.Node("MatMul", ["a", "V"], ["y"]),
            ],
            ("W", Tensor.FromArray([3.0, 0, 0, 1], 2, 2)), ("V", Tensor.FromArray([2.0, 0, 0, 2], 2, 2)));
        Assert.Equal(
            (2 * Math.Log(6 / 2.2)) + Math.Log(Math.Sqrt(2)),
            Measuring.Value("lipschitz-capacity", deep, DataSet.FromArrays("two", [2], [1, 0, 0, 1], [0, 1])), 1e-4);
    }

    [Fact]
    public void Shared_weights_are_a_layer_each_time_and_one_tensor()
    {
        var W = Tensor.FromArray([1.0, 2, -3, 0.5], 2, 2);
        var network = Measuring.Graph(
            [2],
            [TestGraphs.Node(
                "MatMul", ["x", "W"], ["h"]), TestGraphs.Node("Relu", ["h"], ["a"]), TestGraphs.Node("MatMul", ["a", "W"], ["y"])],
            ("W", W));
        var data = Measuring.Gaussian(5, 2, 2);
        Measuring.AssertClose(Math.Pow(14.25, 2), Measuring.Value("l2-norm", network, data), 1e-12);
        Measuring.AssertClose(14.25, Measuring.Value("param-norm", network, data), 1e-12);
        Assert.Equal(4, Measuring.Value("parameter-count", network, data));
        Assert.Equal(8, Measuring.Value("vc-dimension", network, data));

        // σ_max² of ‖W‖_F² = 14.25 and det W = 6.5.
        var largest = (14.25 + Math.Sqrt((14.25 * 14.25) - (4 * 6.5 * 6.5))) / 2;
        Measuring.AssertClose(2 * 14.25 / largest, Measuring.Value("fro-over-spec", network, data), 1e-9);
        Assert.Contains(
            Measuring.Measure("l2-norm", network, data).Notes,
            note => note.Contains("'MatMul:h' and 'MatMul:y' share their weights: a factor each in products over layers, a term each in "
                + "sums of stable ranks"));

        // Row sums of |W| are 3 and 3.5: paths from both inputs through both layers.
        Measuring.AssertClose((1 + 3) * 3 + (2 + 0.5) * 3.5, Measuring.Value("l1-path-norm", network, data), 1e-12);
    }

    [Fact]
    public void Weights_that_are_no_matrix_are_skipped_aloud()
    {
        var network = Measuring.Graph(
            [2],
            [TestGraphs.Node("PRelu", ["x", "slope"], ["h"]), TestGraphs.Node(
                "LayerNormalization", ["h", "scale"], ["n"]), TestGraphs.Node("MatMul", ["n", "W"], ["y"])],
            ("slope", Tensor.FromArray([0.5], 1)), ("scale", Tensor.FromArray([1.0, 2], 2)),
            ("W", Tensor.FromArray([1.0, 2, -3, 0.5], 2, 2)));
        var result = Measuring.Measure("l2-norm", network, Measuring.Gaussian(5, 2, 2));
        Assert.Equal(["PRelu:h", "LayerNormalization:n"], result.Skipped.Select(skipped => skipped.Node));
        Assert.All(result.Skipped, skipped => Assert.Contains("no matrix", skipped.Why));
        Measuring.AssertClose(14.25, result.Value, 1e-12);
    }

    [Fact]
    public void Initial_weights_that_don_t_fit_are_refused_at_once()
    {
        var network = Measuring.Perceptron("relu", 3, 4, 2);
        string Message(Network initial) =>
            Assert.Throws<OccamException>(() => new MeasureContext(new Subject(network).WithInitial(initial), null)).Message;
        Assert.Contains("has 1 layers with weights, and the measured one 2", Message(Started(3, 2)));
        Assert.Contains("are 5 × 3, and those of 'layer1' 4 × 3", Message(Started(3, 5, 2)));
        var broken = Started(3, 4, 2);
        Assert.Contains("at initialization", Message(
            broken.WithInitializers([KeyValuePair.Create("layer1.weight", broken.Graph.Initializers["layer1.weight"] * double.NaN)])));
        Assert.Contains(
            "--initial",
            MeasureCatalogue.Find("fro-dist").Measurement(Measuring.Context(network, Measuring.Gaussian(5, 2, 3))).NotApplicable);
    }

    [Fact]
    public void Nothing_is_measured_on_weights_that_are_no_numbers()
    {
        var network = Measuring.Perceptron("relu", 3, 4, 2);
        Assert.Contains("'layer1.weight'", Assert.Throws<OccamException>(() =>
            Measuring.Context(
                network.WithInitializers([KeyValuePair.Create("layer1.weight", network.Graph.Initializers["layer1.weight"] * double.NaN)]),
                Measuring.Gaussian(5, 2, 3))).Message);
    }

    private static bool IsOfWeights(Measure measure) =>
        measure is WeightMeasure or PathNorm or PublishedPathNorm or PublishedPathNormOverMargin or ParameterCount or VcDimension
            or LipschitzCapacity;

    private static Network Started(params long[] sizes)
    {
        using Generator generator = new(99);
        return Mlp.Build(sizes, "relu", InitializationScheme.He, generator, type: ScalarType.Float64);
    }

    // On data that the network classifies rightly.
    private static MeasureResult Result(string id, Network network, Network initial)
    {
        using var scope = Libtorch.NewDisposeScope();
        double[] x = [.. Measuring.Examples(Measuring.Gaussian(20, 2, 3)).SelectMany(example => example)];
        var labels = network.Forward(Tensor.FromArray(x, [20, 3])).ArgMax(1).ToArray<long>();
        var data = DataSet.FromArrays("right", [3], x, [.. labels.Select(label => (int)label)]);
        return MeasureCatalogue.Find(id).Measurement(new MeasureContext(new Subject(network).WithInitial(initial), data));
    }
}
