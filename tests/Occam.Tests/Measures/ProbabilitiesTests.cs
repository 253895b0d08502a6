using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

public sealed class ProbabilitiesTests
{
    [Theory]
    [InlineData("Softmax", 4, FinalActivation.Softmax)]
    [InlineData("Sigmoid", 4, FinalActivation.Sigmoid)]
    [InlineData("Sigmoid", 1, FinalActivation.None)]
    public void Geometric_complexity_on_the_probabilities_is_that_of_the_network_with_its_activation(
        string activation, int outputs, FinalActivation final)
    {
        using var generator = new Generator(5);
        var logits = Mlp.Build([6, 8, outputs], "tanh", InitializationScheme.He, generator, type: ScalarType.Float64);
        var node = new Node("last", activation, "", [logits.Output], ["probabilities"], Attributes.Of(("axis", 1L)));
        var whole = new Network(logits.Graph with
        {
            Nodes = logits.Graph.Nodes.Add(activation == "Softmax" ? node : node with { Attributes = Attributes.None }),
        }, "probabilities");
        var data = Measuring.Gaussian(20, 1, 6);

        var detail = Measuring
            .Measure("geometric-complexity", Measuring.Context(logits, data, new MeasureOptions { Layers = true }, final))
            .Detail("probabilities");
        Assert.Equal(Measuring.Value("geometric-complexity", whole, data), detail, 1e-10);
    }
}
