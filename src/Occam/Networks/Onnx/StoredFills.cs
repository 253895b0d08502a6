using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Onnx;

/// <summary>
/// Weights that a file names by their shape and one number, as ONNX's small stand-ins for large networks do: a ConstantOfShape of a
/// stored shape whose tensor goes, perhaps in another layout, to where a layer takes a weight. They become stored tensors like any
/// other's, and what isn't trained (the statistics of a batch normalization) is told from parameters as elsewhere. Such a tensor that
/// goes elsewhere is a constant of a formula (a mask, zeros to join with, a state to begin with) and stays as it is.
/// </summary>
internal static class StoredFills
{
    /// <summary>Stores what a graph fills for its layers.</summary>
    /// <returns>The same graph where there is nothing of the kind.</returns>
    /// <exception cref="OccamException">A tensor is larger than the file may ask for.</exception>
    public static Graph Apply(Graph graph)
    {
        Node[] fills = [.. graph.Nodes.Where(node => node is { OperatorType: "ConstantOfShape", Domain: "", Outputs.Length: 1 }
            && !graph.Outputs.Any(output => output.Name == node.Output)
            && Source(graph, node) is not null && Arrivals(graph, node.Output).Any())];
        if (fills.Length == 0)
        {
            return graph;
        }

        using var loading = LoadingScope.Begin(graph.StoredNumbers, isTimed: false);
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var stored = graph.Initializers.ToBuilder();
        var gone = new HashSet<Node>(NodeIdentity.Comparer);
        foreach (var node in fills)
        {
            if (Filled(graph, node) is { IsFloatingPoint: true, Elements: > 1 } filled && IsWeight(graph, node.Output, filled))
            {
                stored[node.Output] = Whole(node, filled);
                gone.Add(node);
            }
        }

        return gone.Count == 0 ? graph : graph with
        {
            Nodes = [.. graph.Nodes.Where(node => !gone.Contains(node))],
            Initializers = stored.ToImmutable(),
            Filled = graph.Filled.Union(gone.Select(node => node.Output)),
        };
    }

    // Where the shape stands: in a stored tensor, or in a Constant node; null for one that is computed.
    private static string? Source(Graph graph, Node node) =>
        node.HasInput(0) && (graph.Initializers.ContainsKey(node.Inputs[0])
            || (graph.Producers.TryGetValue(node.Inputs[0], out var from) && from is { OperatorType: "Constant", Domain: "" }))
                ? node.Inputs[0]
                : null;

    private static Tensor? Filled(Graph graph, Node node)
    {
        var shape = Source(graph, node)!;
        ImmutableArray<Node> nodes = graph.Producers.TryGetValue(shape, out var constant) ? [constant, node] : [node];
        var type = graph.Initializers.Values.FirstOrDefault(tensor => tensor.IsFloatingPoint)?.ScalarType ?? graph.Input.Type;
        var alone = new Graph
        {
            Opset = graph.Opset,
            Input = Graph.NoInput,
            Outputs = [new ValueInfo(node.Output, type, default)],
            Nodes = nodes,
            Initializers = graph.Initializers.TryGetValue(shape, out var sizes)
                ? ImmutableDictionary<string, Tensor>.Empty.Add(shape, sizes)
                : ImmutableDictionary<string, Tensor>.Empty,
        };
        return new Network(alone, node.Output, type, Device.Cpu).Constant(node.Output);
    }

    private static bool IsWeight(Graph graph, string name, Tensor filled) => Arrivals(graph, name).Any(place =>
        place.User.Inputs.Index().Any(pair =>
            pair.Item == place.Name && OperatorCatalogue.For(place.User).TakesFilled(pair.Index, filled)));

    // The nodes that meet the data with the tensor, as it is or in another layout, and the name that it has there.
    private static IEnumerable<(Node User, string Name)> Arrivals(Graph graph, string name)
    {
        var names = new Queue<string>([name]);
        while (names.TryDequeue(out var next))
        {
            foreach (var user in graph.Consumers[next])
            {
                if (user.Outputs.Any(graph.Varying.Contains))
                {
                    yield return (user, next);
                }
                else if (user.Outputs.Length == 1 && user.Inputs[0] == next && KeepsNumbers(user))
                {
                    names.Enqueue(user.Output);
                }
            }
        }
    }

    private static bool KeepsNumbers(Node node) => node is { OperatorType: "Transpose", Domain: "" }
        || OperatorCatalogue.For(node) is { DiffersInTraining: false } op && op.KeepsNumbersInOrder(node);

    private static Tensor Whole(Node node, Tensor filled)
    {
        try
        {
            return filled.Contiguous().DetachFromDisposeScope();
        }
        catch (TorchMemoryException e)
        {
            throw new OccamException($"{node} asks for {Limits.Excess(filled.Shape)}", e);
        }
    }
}
