using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>A network that is dense layers with functions of single elements between them, and nothing else.</summary>
/// <param name="Weights">W_1, …, W_{L+1}: units × inputs each.</param>
/// <param name="Layers">The nodes that multiply by them, L + 1.</param>
/// <param name="Activations">Those between them, L.</param>
internal sealed record PerceptronChain(
    ImmutableArray<Tensor> Weights, ImmutableArray<PerceptronChain.Layer> Layers, ImmutableArray<PerceptronChain.Activation> Activations)
{
    /// <summary>The chain that a network is; null where it is anything else.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">d.</param>
    public static PerceptronChain? Of(Network network, long inputs)
    {
        List<Tensor> weights = [];
        List<Layer> layers = [];
        List<Activation> activations = [];
        var (value, size) = (network.Graph.Input.Name, inputs);
        while (value != network.Output)
        {
            if (network.Graph.Consumers[value].ToArray() is not [var node] || node.Inputs.Count(name => name == value) != 1)
            {
                return null;
            }

            var operation = network.Operators[node];
            var at = node.Inputs.IndexOf(value);
            if (at == 0 && operation.DenseWeight(node, network.Constant) is { } weight)
            {
                // Two layers without an activation between them are another kind of network.
                if (weight.Size(1) != size || weights.Count > activations.Count)
                {
                    return null;
                }

                weights.Add(weight);
                layers.Add(new Layer(node, node.HasInput(2) ? [node.Inputs[2]] : []));
                size = weight.Size(0);
            }
            else if (at == 0 && operation.ElementFunction(node) is not null)
            {
                if (weights.Count == 0 || activations.Count > weights.Count)
                {
                    return null;
                }

                if (activations.Count < weights.Count)
                {
                    activations.Add(new Activation(value, value, []));
                }

                activations[^1] = activations[^1] with { After = node.Output, Nodes = activations[^1].Nodes.Add(node) };
            }
            else if (node.Inputs.Length == 2 && operation.IsBias(1 - at) && network.Constant(node.Inputs[1 - at]) is { } bias
                && bias.Elements == size && bias.Shape.Count(side => side != 1) <= 1)
            {
                // Before the first layer, or behind a function, it is no layer's.
                if (layers.Count > activations.Count)
                {
                    layers[^1] = layers[^1] with { Biases = layers[^1].Biases.Add(node.Inputs[1 - at]) };
                }
            }
            else if (at != 0 || !operation.KeepsNumbersInOrder(node))
            {
                return null;
            }

            value = node.Output;
        }

        return activations.Count > 0 && weights.Count == activations.Count + 1
            ? new PerceptronChain([.. weights], [.. layers], [.. activations])
            : null;
    }

    /// <summary>A layer's product.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Biases">The names of what is added to it before the next function.</param>
    internal sealed record Layer(Node Node, ImmutableArray<string> Biases);

    /// <summary>What stands between two layers.</summary>
    /// <param name="Before">The value that goes in.</param>
    /// <param name="After">The value that comes out.</param>
    /// <param name="Nodes">The functions, one after the other.</param>
    internal sealed record Activation(string Before, string After, ImmutableArray<Node> Nodes);
}
