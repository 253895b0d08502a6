using System.Collections.Immutable;
using Occam.Networks.Rewrites;
using Occam.Torch;

namespace Occam.Networks.Inspection;

/// <summary>What there is to know of a network without data.</summary>
/// <param name="Input">The input, with its shape.</param>
/// <param name="Output">The name of the output.</param>
/// <param name="Layers">The nodes between the two, in order.</param>
/// <param name="Parameters">How many numbers the parameters hold.</param>
/// <param name="Foldable">The batch normalizations that fold into layers beside them.</param>
/// <param name="NotFoldable">Those that don't, and why.</param>
/// <param name="Curved">The nodes at which the function isn't piecewise linear.</param>
public sealed record NetworkDescription(
    ValueInfo Input,
    string Output,
    ImmutableArray<LayerDescription> Layers,
    long Parameters,
    ImmutableArray<FoldedNode> Foldable,
    ImmutableArray<NotFolded> NotFoldable,
    ImmutableArray<string> Curved)
{
    /// <summary>Whether the function is affine on each of finitely many pieces.</summary>
    public bool IsPiecewiseLinear => Curved.IsEmpty;

    /// <summary>Describes a network. Where its input's shape is known, it is run on one example of zeros for the others.</summary>
    /// <param name="network">The network.</param>
    /// <param name="exampleShape">The sizes of one example, where the network leaves some open.</param>
    /// <exception cref="OccamException">The network doesn't run on such an example.</exception>
    public static NetworkDescription Of(Network network, IReadOnlyList<long>? exampleShape = null)
    {
        using var loading = LoadingScope.Begin(network.Graph.StoredNumbers);
        Node[] nodes = [.. network.ActiveNodes];
        var shapes = Shapes(network, nodes, exampleShape);
        var parameters = network.Parameters.ToLookup(
            parameter => FirstUse(network, parameter), parameter => parameter.Value.Elements, NodeIdentity.Comparer);
        var folding = FoldBatchNorm.Apply(network);
        var layers = nodes.Select(node => new LayerDescription(
            node.Name, node.OperatorType, shapes(node.Output), parameters[node].Sum(), network.LinearityOf(node))).ToImmutableArray();
        return new NetworkDescription(
            network.Graph.Input,
            network.Output,
            layers,
            network.ParameterCount,
            folding.Folded,
            folding.Left,
            [.. layers.Where(layer => layer.Linearity is Linearity.Curved or Linearity.Step).Select(layer => layer.Name)]);
    }

    // Behind what only prepares the parameter, such as a transposition, the first node that the input passes through.
    private static Node FirstUse(Network network, Parameter parameter)
    {
        var graph = network.Graph;
        HashSet<string> values = [parameter.Name];
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Any(values.Contains)))
        {
            if (node.Outputs.Any(graph.Varying.Contains))
            {
                return node;
            }

            values.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return parameter.Node;
    }

    private static Func<string, ImmutableArray<long>> Shapes(Network network, Node[] nodes, IReadOnlyList<long>? exampleShape)
    {
        exampleShape = network.Graph.Held.IsEmpty ? exampleShape ?? ZeroExamples.Shape(network) : ZeroExamples.Shape(network);
        if (exampleShape is null)
        {
            return _ => default;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var input = ZeroExamples.Of(network, network.Graph.Input.Batch ?? 1, exampleShape);
        string[] wanted = [.. nodes.Select(node => node.Output).Where(name => name.Length > 0)];
        var shapes = ZeroExamples.Hold(network, input.Size(0)).Run(input, wanted)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Shape.Skip(1).ToImmutableArray());
        return name => shapes.GetValueOrDefault(name);
    }
}
