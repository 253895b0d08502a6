using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>What each measure says of its error.</summary>
public sealed class HonestErrorTests
{
    // What is neither exact nor iterated, and has no standard error: where a search or an ascent ended, or a bound is of that kind.
    private static readonly string[] s_bounds =
    [
        "adaptive-sharpness", "certified-radius", "lipschitz-certificate", "lipschitz-exact", "lipschitz-lower", "local-lipschitz-upper",
        "max-sharpness", "pac-bayes-bound",
    ];

    [Theory]
    [InlineData("relu", 4, 3, null)]
    [InlineData("relu", 4, 3, 2)]
    [InlineData("tanh", 1, 2, null)]
    [InlineData("tanh", 2, 1, 1)]
    public void An_error_of_0_is_said_of_exact_values_alone(string activation, int inputs, int outputs, int? directions)
    {
        var network = Perceptron(activation, inputs, 6, outputs);
        Hold(network, Gaussian(12, Math.Max(outputs, 2), inputs), directions);
    }

    [Fact]
    public void Nor_of_a_convolutional_network() => Hold(Cnn(), Gaussian(8, 3, 2, 8, 8), null);

    private static void Hold(Network network, DataSet data, int? directions)
    {
        var subject = new Subject(network).WithInitial(network);
        MeasureContext context = new(subject, data, new MeasureOptions { Layers = true, Directions = directions });
        foreach (var id in MeasureCatalogue.All.Keys)
        {
            var result = Find(id).Measurement(context);
            Assert.True(result.Exact ? result.StandardError == 0 : result.StandardError is > 0 or double.NaN, id);
            Assert.All(result.Layers, layer => Assert.True(layer.Quantity.IsExact == (layer.StandardError == 0), $"{id}, {layer.Name}"));
            Assert.All(
                result.Details.Where(detail => detail.Key.EndsWith(".standardError", StringComparison.Ordinal)),
                detail => Assert.True(detail.Value is > 0 or double.NaN, $"{id}, {detail.Key}"));
            if (result.Quantity is { IsExact: false } quantity)
            {
                Assert.True(
                    (quantity.Interval95 is not null) == double.IsFinite(quantity.StandardError), $"{id} has an error and no interval");
                Assert.True(
                    double.IsFinite(quantity.StandardError) || quantity.Residual is not null || s_bounds.Contains(id),
                    $"{id} says nothing of its error");
                Assert.True(!s_bounds.Contains(id) || quantity.Side is not null, id);
            }
        }
    }
}
