using Occam.Data;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks.Builders;
using Occam.Torch;
using Xunit;

namespace Occam.Tests;

public sealed class RandomStreamTests
{
    [Fact]
    public void Streams_differ_in_the_bits_that_a_generator_takes()
    {
        var seeds = Enumerable.Range(0, 500)
            .SelectMany(seed => Enumerable.Range(1, 3).Select(stream => (uint)RandomStream.Seed(seed, stream)))
            .Concat(Enumerable.Range(0, 500).Select(seed => (uint)seed));

        Assert.Equal(2000, seeds.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Directions_know_nothing_of_weights_that_the_same_seed_drew(int seed)
    {
        // The complexity of the first layer's output is ‖W₁‖²: directions that are its rows again would find far more.
        using var generator = new Generator((ulong)seed);
        var network = Mlp.Build([784, 64, 10], "relu", InitializationScheme.He, generator);
        var exact = network.Parameters.First(parameter => parameter.Value.Dimensions == 2).Value.Square().Sum().ToArray<float>()[0];
        var data = DataSource.Open("glyphs:train", new DataOptions { Limit = 100 });

        var options = new MeasureOptions { Seed = seed, Layers = true };
        var layer = new GeometricComplexity().Measurement(new MeasureContext(new Subject(network), data, options)).Layers[0];

        Assert.InRange(Math.Abs(layer.Value - exact) / layer.StandardError, 0, 5);
        Assert.True(layer.StandardError < 0.1 * exact);
    }
}
