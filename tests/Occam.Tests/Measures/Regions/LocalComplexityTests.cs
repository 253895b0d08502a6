using Occam.Derivatives;
using Occam.Measures;
using Occam.Measures.Regions;
using Occam.Torch;
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
                var v = OrthonormalFrame.Of(5, 3, example.Inputs, generator).Directions().ToArray<double>();
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

    [Theory]
    [InlineData(0.005, 8, new long[] { 40, 30, 3 })]
    [InlineData(0.01, 8, new long[] { 40, 30, 20, 25, 3 })]
    [InlineData(0.05, 8, new long[] { 40, 30, 20, 25, 3 })]
    [InlineData(0.2, 8, new long[] { 40, 30, 20, 25, 3 })]
    [InlineData(0.02, 6, new long[] { 6, 50, 40, 2 })]
    [InlineData(3, 6, new long[] { 6, 50, 40, 2 })]
    public void Of_a_perceptron_it_counts_what_forward_passes_at_the_corners_do(double radius, int directions, long[] sizes)
    {
        var network = Perceptron("relu", sizes);
        var context = Context(network, Gaussian(80, 2, (int)sizes[0]));
        var found = Measure(new LocalComplexity(radius, directions, 2), context);
        Assert.NotNull(PerceptronNeighbourhoods.Of(context, radius, directions, 160));
        using var scope = Libtorch.NewDisposeScope();
        var patterns = ActivationPatterns.Of(network);
        for (var i = 0; i < 80; i++)
        {
            var example = context.Batch([i]);
            using var generator = context.Generator(example);
            var units = 0L;
            for (var set = 0; set < 2; set++)
            {
                var v = OrthonormalFrame.Of(sizes[0], directions, example.Inputs, generator).Directions() * radius;
                units += patterns.PiecesByNode(Tensor.Cat([example.Inputs + v, example.Inputs - v], 0))
                    .Sum(pair => pair.Piece.EqualTo(pair.Piece.Narrow(0, 0, 1)).Not().To(ScalarType.Int64).AMax([0]).Sum().ItemInt64());
            }

            Assert.Equal(units / 2.0, found.PerExample[i]);
        }

        Assert.True(found.Value > 0);
    }

    [Theory]
    [InlineData(1e-3, 0)]
    [InlineData(100, 80)]
    public void Small_neighbourhoods_take_no_passes_at_their_corners_and_large_ones_nothing_else(double radius, int passes)
    {
        var context = Context(Perceptron("relu", 40, 30, 20, 3), Gaussian(80, 2, 40));
        using var scope = Libtorch.NewDisposeScope();
        IEnumerable<OrthonormalFrame> Frames(int example)
        {
            using Generator generator = new((ulong)example);
            yield return OrthonormalFrame.Of(40, 8, context.Examples(0, 1), generator);
        }

        var left = PerceptronNeighbourhoods.Of(context, radius, 8, 80)!
            .Count(context.Examples(0, 80), CancellationToken.None, Frames, (_, _, _, _) => { });
        Assert.Equal(passes, left.Length);
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("leaky-relu")]
    public void Others_than_perceptrons_of_rectifiers_take_passes(string activation)
    {
        Assert.Null(PerceptronNeighbourhoods.Of(Context(Perceptron(activation, 40, 30, 3), Gaussian(4, 2, 40)), 1e-3, 8, 100));
        Assert.Null(PerceptronNeighbourhoods.Of(Context(Cnn(), Gaussian(4, 3, 2, 8, 8)), 1e-3, 8, 100));
    }

    [Fact]
    public void The_bound_of_a_spectral_norm_is_one_and_near()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        var ones = Tensor.Ones([30, 20], ScalarType.Float64);
        foreach (var matrix in new[] { Tensor.Randn([30, 50], generator, ScalarType.Float64), Tensor.Eye(20, ScalarType.Float64), ones })
        {
            var (bound, norm) = (SpectralBound.Of(matrix), matrix.SingularValues().AMax([0]).Item());
            Assert.InRange(bound / norm, 1 - 1e-12, Math.Pow(30, 1 / 64.0));
        }

        AssertClose(Math.Sqrt(600), SpectralBound.Of(ones), 1e-12);
        Assert.Equal(0, SpectralBound.Of(Tensor.Zeros([3, 4])));
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
