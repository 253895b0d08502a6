using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class LipschitzCertificateTests
{
    [Theory]
    [MemberData(nameof(LipschitzTests.Networks), MemberType = typeof(LipschitzTests))]
    public void Lower_is_never_above_upper_and_upper_never_above_the_composed_bound(string what, Func<Network> build, int[] shape)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var context = Context(build().To(type, Device.Cpu), Gaussian(20, 2, shape));
            var found = Measure("lipschitz-certificate", context);
            var (lower, upper) = (found.Detail("lower"), found.Value!.Value);
            Assert.True(lower <= upper, $"{what}: {lower} is above {upper}");
            Assert.Equal(BoundSide.Upper, found.Quantity!.Value.Side);
            Assert.False(found.Exact);
            AssertClose(upper / lower, found.Detail("gap"), 1e-12);
            Assert.Equal(Measure("lipschitz-upper", context).Value, found.Detail("upper.composed"));
            var uppers = found.Details.Where(detail => detail.Key.StartsWith("upper.", StringComparison.Ordinal));
            Assert.Equal(upper, uppers.Min(detail => detail.Value));
            AssertClose(
                Measure("lipschitz-lower", context).Value!.Value, found.Detail("lower.uphill"), type == ScalarType.Float64 ? 1e-6 : 1e-3);
            Assert.Equal(
                lower, found.Details.Where(detail => detail.Key is "lower.uphill" or "lower.search").Max(detail => detail.Value));
        }
    }

    [Fact]
    public void The_point_is_where_the_lower_bound_is_met()
    {
        var network = Perceptron("tanh", 3, 9, 2);
        var data = Gaussian(10, 2, 3);
        var found = Measure("lipschitz-certificate", network, data);
        double[] point = [.. Enumerable.Range(0, 3).Select(i => found.Detail($"lower.point.{i}"))];
        AssertClose(LargestSingularValue(NumericJacobian(network, point, [3])), found.Detail("lower"), 1e-7);
        var start = Example(data, (int)found.Detail("lower.example"));
        AssertClose(Math.Sqrt(start.Zip(point, (a, b) => (a - b) * (a - b)).Sum()), found.Detail("lower.distance"), 1e-9);
    }

    [Fact]
    public void A_linear_network_is_known_from_both_sides()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(2);
        var network = Mlp.Build([6, 5, 4], "identity", InitializationScheme.He, generator, type: ScalarType.Float64);
        var product = network.Graph.Initializers["layer2.weight"].MatMul(network.Graph.Initializers["layer1.weight"]);
        var found = Measure("lipschitz-certificate", network, Gaussian(3, 2, 6));
        AssertClose(product.SingularValues().AMax([0]).Item(), found.Value, 1e-8);
        AssertClose(1, found.Detail("gap"), 1e-8);
    }

    // Rows that are doubled are one example twice only where one is run at a time.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_that_a_network_mixes_are_run_one_at_a_time(bool isDense)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var weight = Tensor.FromArray(new[] { 1.0, 2, 3, 4, 5, 6, 7, 8, 10 }, 3, 3);
        Node[] before = isDense ? [TestGraphs.Node("MatMul", ["x", "weight"], ["a"])]
            : [TestGraphs.Node("Mul", ["x", "two"], ["b"]), TestGraphs.Node("MatMul", ["b", "weight"], ["a"])];
        OnnxWriter.Write(
            TestGraphs.Graph([null, 3], [.. before, TestGraphs.Node("Concat", ["a", "a"], ["y"], Attributes.Of(("axis", 0L)))],
                ("weight", weight), ("two", Tensor.FromArray(new[] { 2.0 }, 1)), ("type", Tensor.Zeros([1], ScalarType.Float64))),
            folder.File("doubled.onnx"));
        var context = new MeasureContext(
            Subject.Of(NetworkLoader.Load(folder.File("doubled.onnx")), ScalarType.Float64), Gaussian(4, 2, 3));

        var found = Measure("lipschitz-certificate", context);

        var expected = Math.Sqrt(2) * weight.SingularValues().AMax([0]).Item() * (isDense ? 1 : 2);
        AssertClose(expected, found.Value, 1e-6);
        AssertClose(expected, found.Detail("lower"), 1e-6);
    }

    [Fact]
    public void Of_a_small_network_the_exact_constant_is_the_upper_bound()
    {
        // One hidden layer of one input: all linear regions by hand.
        var network = Perceptron("relu", 1, 5, 2);
        var found = Measure("lipschitz-certificate", network, Points([1], -0.5, 0.25, 2));
        double[] points = [.. Enumerable.Range(-500, 1001).Select(i => (i + 0.5) / 50)];
        var slopes = points.Max(x => LargestSingularValue(NumericJacobian(network, [x], [1], step: 1e-4)));
        AssertClose(slopes, found.Detail("upper.exact"), 1e-6);
        AssertClose(found.Detail("upper.exact"), found.Value, 1e-12);
    }

    /// <summary>Whichever of the two comes first, and however early the search is stopped.</summary>
    [Theory]
    [InlineData(true, 90)]
    [InlineData(false, 90)]
    [InlineData(true, 20)]
    public void The_lower_bound_is_no_less_than_what_branch_and_bound_met(bool isFirst, int subproblems)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("relu", 5, 20, 20, 3);
        var context = Context(network, Gaussian(4, 2, 5));
        LipschitzExact exact = new(subproblems, double.PositiveInfinity);
        LipschitzCertificate certificate = new();
        context.Plan(isFirst ? [exact, certificate] : [certificate, exact]);
        var results = context.Planned.Select(measure => measure.Measurement(context)).ToDictionary(result => result.Id);
        var (both, searched) = (results["lipschitz-certificate"], results["lipschitz-exact"]);
        Assert.False(searched.Exact);
        AssertClose(searched.Detail("lower"), both.Detail("lower.search"), 1e-9);
        Assert.True(both.Detail("lower") >= searched.Detail("lower") * (1 - 1e-9));
        Assert.True(both.Detail("lower") >= both.Detail("lower.uphill"));
        Assert.True(both.Detail("lower") <= both.Value);
        if (both.Detail("lower.search") > both.Detail("lower.uphill"))
        {
            Assert.Contains(both.Notes, note => note.Contains("branch and bound met (lipschitz-exact"));
            double[] point = [.. Enumerable.Range(0, 5).Select(i => both.Detail($"lower.point.{i}"))];
            AssertClose(LargestSingularValue(NumericJacobian(network, point, [5], step: 1e-6)), both.Detail("lower"), 1e-6);
            Assert.DoesNotContain(both.Details, detail => detail.Key == "lower.example");
        }

        // Not asked for, it is searched a little; and never after the other was.
        var alone = certificate.Measurement(Context(network, Gaussian(4, 2, 5)));
        Assert.True(alone.Detail("lower.search") > 0);
    }

    [Fact]
    public void A_search_that_ends_closes_the_gap()
    {
        // Uphill from three examples near each other the steepest region of two layers isn't found.
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("relu", 2, 9, 8, 2);
        var found = Measure("lipschitz-certificate", network, Points([2], 0.1, 0.1, 0.11, 0.1, 0.1, 0.12));
        AssertClose(1, found.Detail("gap"), 1e-8);
        AssertClose(found.Detail("lower.search"), found.Detail("lower"), 1e-12);
        AssertClose(Measure(new LipschitzExact(), network, Gaussian(2, 2, 2)).Value!.Value, found.Detail("lower"), 1e-8);
    }

    [Fact]
    public void A_kink_at_an_example_makes_no_lower_bound_too_large()
    {
        // x − max(0, x) + max(0, −x) is 0; at 0 the derivatives of its operators add up to 1.
        var network = Graph(
            [1],
            [
                TestGraphs.Node("Relu", ["x"], ["a"]), TestGraphs.Node("Neg", ["x"], ["n"]), TestGraphs.Node("Relu", ["n"], ["b"]),
                TestGraphs.Node("Sub", ["x", "a"], ["c"]), TestGraphs.Node("Add", ["c", "b"], ["y"]),
            ],
            ("type", Tensor.Zeros([1], ScalarType.Float64)));
        var found = Measure("lipschitz-certificate", network, Points([1], 0, 0));
        Assert.Equal(1, found.Detail("lower.onData"));
        Assert.Equal(0, found.Detail("lower"), 1e-12);
        Assert.DoesNotContain(found.Details, detail => detail.Key == "gap");
        Assert.Contains(found.Notes, note => note.Contains("follow one another") && note.Contains("Neg"));
    }

    [Fact]
    public void What_is_left_out_is_told()
    {
        var wide = Measure(new LipschitzCertificate(MostNeurons: 6), Perceptron("relu", 4, 6, 6, 2), Gaussian(4, 2, 4));
        Assert.Contains("upper.lipsdpSplit", wide.Details.Select(detail => detail.Key));
        Assert.Contains(wide.Notes, note => note.Contains("12 multipliers"));
        var residual = Measure("lipschitz-certificate", Residual(), Gaussian(4, 2, 2, 6, 6));
        Assert.Contains(residual.Notes, note => note.Contains("ECLipsE-Fast, LipSDP) left out") && note.Contains("relua1"));
        var steep = Graph([2], [TestGraphs.Node("Exp", ["x"], ["y"])], ("type", Tensor.Zeros([1], ScalarType.Float64)));
        var none = new LipschitzCertificate().Measurement(Context(steep, Gaussian(2, 2, 2)));
        Assert.Null(none.Value);
        Assert.Contains("Exp", none.NotApplicable);
        Assert.NotNull(new LipschitzCertificate(MostNeurons: 0).Problem());
    }
}
