using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Inspection;
using Occam.Networks.Rewrites;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class NetworkDescriptionTests
{
    [Fact]
    public void Layers_have_shapes_parameters_and_bends()
    {
        using Generator generator = new(1);
        NetworkDescription description = NetworkDescription.Of(Vgg.Build(InitializationScheme.He, generator, 0.0625));
        Assert.Equal([4, 32, 32], description.Layers[0].OutputShape);
        Assert.Equal((4 * 27) + 4, description.Layers[0].Parameters);
        Assert.Equal(Linearity.Affine, description.Layers[0].Linearity);
        Assert.Equal(description.Parameters, description.Layers.Sum(layer => layer.Parameters));
        Assert.Equal([10], description.Layers[^1].OutputShape);
        Assert.Equal(8, description.Foldable.Length);
        Assert.Empty(description.NotFoldable);
        Assert.True(description.IsPiecewiseLinear);
    }

    [Fact]
    public void Curved_nodes_are_named()
    {
        using Generator generator = new(1);
        NetworkDescription description = NetworkDescription.Of(Mlp.Build([2, 3, 1], "tanh", InitializationScheme.He, generator));
        Assert.Equal(["activation1"], description.Curved);
        Assert.False(description.IsPiecewiseLinear);
    }

    /// <summary>It jumps even where derivatives pass straight through it; what is piecewise linear or bends smoothly is no step.</summary>
    [Theory]
    [InlineData("Sign", Linearity.Step)]
    [InlineData("Round", Linearity.Step)]
    [InlineData("Tanh", Linearity.Curved)]
    [InlineData("Relu", Linearity.PiecewiseAffine)]
    public void What_stays_the_same_between_jumps_is_a_step(string type, Linearity expected)
    {
        var graph = TestGraphs.Graph([null, 3], [TestGraphs.Node(type, ["x"], ["y"])]);
        foreach (var network in new[] { new Network(graph), new Network(StraightThrough.Apply(graph).Graph) })
        {
            Assert.Equal(expected, NetworkDescription.Of(network).Layers.Single().Linearity);
            Assert.Equal(
                expected switch
                {
                    Linearity.Step => $"{type} '{type}:y' is a step",
                    Linearity.Curved => $"{type} '{type}:y' is curved",
                    _ => null,
                },
                network.WhyNotPiecewiseLinear());
        }
    }

    [Fact]
    public void Shapes_are_left_out_where_the_input_has_none()
    {
        Graph graph = TestGraphs.Mlp();
        Network network = new(graph with { Input = graph.Input with { Shape = default } });
        Assert.All(NetworkDescription.Of(network).Layers, layer => Assert.True(layer.OutputShape.IsDefault));
        Assert.Equal([4], NetworkDescription.Of(network, [3]).Layers[0].OutputShape);
    }
}
