using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>Arc length and the other integrals over an interval.</summary>
public sealed class OneDimensionTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void The_length_of_the_absolute_value_is_that_of_its_two_arms()
    {
        var network = Graph([1], [TestGraphs.Node("Abs", ["x"], ["y"])], ("type", Tensor.Zeros([1], ScalarType.Float64)));
        var length = Measure("arc-length", network, Points([1], 2, -1, 0.5));
        AssertClose(3 * Math.Sqrt(2), length.Value, Rounding);
        Assert.Equal(2, length.Detail("pieces"));
        Assert.Equal(-1, length.Detail("from"));
        Assert.Equal(2, length.Detail("to"));
        Assert.True(length.Exact);
    }

    [Fact]
    public void A_hat_has_the_length_energy_and_area_that_geometry_says()
    {
        // 0 to the left of 0, up with slope 3 to 1, down with slope −3 to 2, 0 from there.
        var data = Points([1], -1, 4);
        AssertClose(3 + (2 * Math.Sqrt(10)), Value("arc-length", Hat(), data), Rounding);
        AssertClose(3 + (2 * Math.Sqrt(10)), Value("graph-volume", Hat(), data), Rounding);
        AssertClose(0.5 * 2 * 9, Value("integrated-dirichlet-energy", Hat(), data), Rounding);
        var volume = Measure("graph-volume", Hat(), data);
        Assert.Equal(5, volume.Detail("volume"));
        AssertClose(5 + 9, volume.Detail("firstOrder"), Rounding);
        Assert.True(volume.Exact);
        Assert.Equal(0, volume.StandardError);
        Assert.Equal(4, Measure("arc-length", Hat(), data).Detail("pieces"));
    }

    [Fact]
    public void Deep_networks_are_as_long_as_their_densely_sampled_graphs()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("relu", 1, 20, 20, 2);
        var length = Measure("arc-length", network, Points([1], -3, 3));

        // Every piece but those with a kink is measured right by any step: an error of the order of kinks · step².
        const int Steps = 200_000;
        var y = network
            .Forward(Tensor.FromArray([.. Enumerable.Range(0, Steps + 1).Select(i => -3 + (6.0 * i / Steps))], Steps + 1, 1))
            .ToArray<double>();
        var sampled = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            sampled +=
                Math.Sqrt(Math.Pow(6.0 / Steps, 2) + Math.Pow(y[(2 * i) + 2] - y[2 * i], 2) + Math.Pow(y[(2 * i) + 3] - y[(2 * i) + 1], 2));
        }

        Assert.True(length.Detail("pieces") > 20);
        AssertClose(sampled, length.Value, 1e-5);
        Assert.True(length.Value >= sampled * (1 - 1e-12), "a chord is longer than the curve");
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("elu")]
    public void Smooth_networks_are_as_long_as_a_fine_sum_says(string activation)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron(activation, 1, 10, 10, 1);
        var data = Points([1], -2, 2);

        // The composite midpoint rule with 40,000 points on derivatives by autograd: an error of (10⁻⁴)² f‴/24.
        const int Steps = 40_000;
        var x = Tensor.FromArray([.. Enumerable.Range(0, Steps).Select(i => -2 + (4 * (i + 0.5) / Steps))], Steps, 1).RequireGrad();
        var slopes = Autograd.Grad([network.Forward(x).Sum()], [x])[0]!.ToArray<double>();
        var length = Measure("arc-length", network, data);
        AssertClose(slopes.Sum(slope => Math.Sqrt(1 + (slope * slope))) * 4 / Steps, length.Value, 1e-7);
        AssertClose(slopes.Sum(slope => slope * slope / 2) * 4 / Steps, Value("integrated-dirichlet-energy", network, data), 1e-7);
        Assert.Contains("quadrature", Assert.Single(length.Notes));
    }

    [Fact]
    public void The_shortest_polyline_goes_through_the_targets_in_the_order_of_the_inputs()
    {
        var data = DataSet.FromArrays("points", [1], new double[] { 3, 0, 1 }, targets: [4, 0, 0]);
        var length = Measure("arc-length", Hat(), data);
        AssertClose(1 + Math.Sqrt(4 + 16), length.Detail("shortestThroughTargets"), Rounding);
        AssertClose(length.Value!.Value / (1 + Math.Sqrt(20)), length.Detail("ratio"), Rounding);
    }

    [Fact]
    public void Without_targets_it_goes_through_the_predictions()
    {
        // (−1, 0), (1, 3), (4, 0).
        var length = Measure("arc-length", Hat(), Points([1], 4, -1, 1));
        AssertClose(Math.Sqrt(4 + 9) + Math.Sqrt(9 + 9), length.Detail("shortestThroughPredictions"), Rounding);
    }

    [Fact]
    public void Float32_networks_are_measured_in_float64()
    {
        using Generator generator = new(3);
        var network = Mlp.Build([1, 30, 30, 1], "relu", InitializationScheme.He, generator);
        var data = Points([1], -1, 1);
        AssertClose(Value("arc-length", network.To(ScalarType.Float64, Device.Cpu), data), Value("arc-length", network, data), Rounding);
    }

    [Fact]
    public void One_point_spans_no_interval()
    {
        foreach (var id in new[] { "arc-length", "graph-volume", "integrated-dirichlet-energy" })
        {
            var result = MeasureCatalogue.Find(id).Measurement(Context(Hat(), Points([1], 2, 2)));
            Assert.Null(result.Value);
            Assert.NotNull(result.NotApplicable);
        }
    }

    // 3 relu(x) − 6 relu(x − 1) + 3 relu(x − 2).
    private static Network Hat() => Graph(
        [1],
        [TestGraphs.Node(
            "Gemm", ["x", "W", "b"], ["h"]), TestGraphs.Node("Relu", ["h"], ["r"]), TestGraphs.Node("Gemm", ["r", "V"], ["y"])],
        ("W", Tensor.Ones([1, 3], ScalarType.Float64)), ("b", Tensor.FromArray([0.0, -1, -2], 3)),
        ("V", Tensor.FromArray([3.0, -6, 3], 3, 1)));
}
