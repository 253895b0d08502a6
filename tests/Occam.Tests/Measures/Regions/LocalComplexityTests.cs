using Occam.Derivatives;
using Occam.Measures;
using Occam.Measures.Regions;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Regions;

public sealed class LocalComplexityTests
{
    [Fact]
    public void In_all_directions_it_counts_the_boundaries_of_the_first_layer_that_cut_the_polytope()
    {
        // In one dimension the corners are x ± r: a unit counts whose kink −b/w lies between.
        var network = Perceptron("relu", 1, 30, 2);
        var (weights, biases) = (network.Parameters[0].Value.ToArray<double>(), network.Parameters[1].Value.ToArray<double>());
        var data = Points([1], -1.5, -0.3, 0, 0.4, 2);
        var found = Measure(new LocalComplexity(0.25), network, data);
        for (var i = 0; i < data.Count; i++)
        {
            var x = Example(data, i)[0];
            Assert.Equal(weights.Zip(biases).Count(unit => Math.Abs((-unit.Second / unit.First) - x) < 0.25), found.PerExample[i]);
        }

        Assert.True(found.Value > 0);
        Assert.Equal(30, found.Detail("units"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(512)]
    public void It_counts_the_units_that_differ_at_the_corners_themselves(int batch)
    {
        var network = Perceptron("relu", 5, 12, 9, 3);
        var data = Gaussian(11, 3, 5);
        var context = Context(network, data, new MeasureOptions { Batch = batch, Seed = 4 });
        var found = Measure(new LocalComplexity(0.5, 3, 2), context);

        // The same by hand, from the same random numbers.
        var expected = new double[data.Count];
        var parameters = network.Parameters.Select(p => p.Value.ToArray<double>()).ToArray();
        for (var i = 0; i < data.Count; i++)
        {
            var example = context.Batch([i]);
            using var generator = context.Generator(example);
            for (var frame = 0; frame < 2; frame++)
            {
                var v = OrthonormalDirections.Of(1, 5, 3, example.Inputs, generator).ToArray<double>();
                var signs = Enumerable.Range(0, 3).SelectMany(p => new[] { 0.5, -0.5 }.Select(
                    r => Signs(parameters, [.. Example(data, i).Select((value, at) => value + (r * v[(p * 5) + at]))]))).ToArray();
                expected[i] += Enumerable.Range(0, 21).Count(u => signs.Select(one => one[u]).Distinct().Count() > 1) / 2.0;
            }
        }

        Assert.Equal(expected, found.PerExample);
        AssertClose(expected.Average(), found.Value, 1e-12);
        AssertClose(found.Value!.Value, found.Layers.Sum(layer => layer.Value), 1e-12);
        Assert.False(found.Exact);
    }

    [Fact]
    public void A_pooling_counts_where_its_largest_input_changes_and_an_affine_network_has_none()
    {
        var found = Measure(new LocalComplexity(2, 6), Cnn(), Gaussian(4, 3, 2, 8, 8));
        Assert.Contains(found.Layers, layer => layer.Name.Contains("max", StringComparison.Ordinal) && layer.Value > 0);
        var affine = Measure(new LocalComplexity(1), Affine(new double[,] { { 1, 2 }, { 3, 4 } }, 0, 1), Gaussian(4, 2, 2));
        Assert.Equal((0, true), (affine.Value, affine.Exact));
        var why = Context(Perceptron("tanh", 2, 3, 2), Gaussian(4, 2, 2)).WhyNot(new LocalComplexity());
        Assert.Contains("curved", why);
    }

    private static bool[] Signs(double[][] p, double[] x)
    {
        double[] Layer(double[] weights, double[] biases, double[] input) =>
            [.. biases.Select((bias, unit) => bias + input.Select((value, i) => weights[(unit * input.Length) + i] * value).Sum())];
        var first = Layer(p[0], p[1], x);
        var second = Layer(p[2], p[3], [.. first.Select(value => Math.Max(value, 0))]);
        return [.. first.Concat(second).Select(value => value > 0)];
    }
}
