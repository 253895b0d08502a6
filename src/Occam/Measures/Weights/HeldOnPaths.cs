using Occam.Networks;

namespace Occam.Measures.Weights;

/// <summary>
/// Inputs that are held beside the function's own, where sums over paths are asked for: what is only added begins no path, and anything
/// else would give each example other sums.
/// </summary>
internal static class HeldOnPaths
{
    /// <summary>
    /// The first node on a path that takes more of a held input than something to add, and the input; null where none does.
    /// </summary>
    public static (string Held, Node Node)? First(Network network)
    {
        var changing = network.Graph.Held.ToDictionary(held => held.Name, held => held.Name);
        foreach (var node in network.Graph.Nodes.Where(node => network.Operators[node].ReadsValues))
        {
            int[] from = [.. Enumerable.Range(0, node.Inputs.Length).Where(i => changing.ContainsKey(node.Inputs[i]))];
            if (from.Length == 0)
            {
                continue;
            }

            if (!node.Inputs.Any(network.DependsOnData.Contains))
            {
                node.Outputs.ToList().ForEach(name => changing[name] = changing[node.Inputs[from[0]]]);
            }
            else if (from.FirstOrDefault(i => !network.Operators[node].IsOffset(i), -1) is >= 0 and var at)
            {
                return (changing[node.Inputs[at]], node);
            }
        }

        return null;
    }

    /// <summary>A network with the first example's values of the inputs that are held among its stored tensors.</summary>
    public static Network Stored(MeasureContext context, Network network)
    {
        if (!context.HoldsInputs)
        {
            return network;
        }

        var graph = network.Graph;
        return network.WithGraph(graph with
        {
            Held = [],
            Initializers = graph.Initializers.AddRange(context.HeldAtOneExample().Select(pair => KeyValuePair.Create(
                pair.Key, pair.Value.IsFloatingPoint ? pair.Value.To(network.Type) : pair.Value.Alias()))),
        });
    }
}
