using System.Collections.Immutable;

namespace Occam.Networks.Rewrites;

/// <summary>Leaves out what the wanted values don't depend on.</summary>
internal static class KeepNeeded
{
    /// <summary>The graph with only the nodes and stored tensors that some values are computed from.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wanted">Names of values.</param>
    public static Graph Apply(Graph graph, IEnumerable<string> wanted)
    {
        var needed = wanted.ToHashSet();
        var nodes = new Stack<Node>();
        foreach (var node in graph.Nodes.Reverse().Where(node => node.Outputs.Any(needed.Contains)))
        {
            nodes.Push(node);
            needed.UnionWith(node.Inputs.Where(name => name.Length > 0));
        }

        return graph with
        {
            Nodes = [.. nodes],
            Initializers = graph.Initializers.Where(pair => needed.Contains(pair.Key)).ToImmutableDictionary(),
            Held = [.. graph.Held.Where(held => needed.Contains(held.Name))],
            Outputs = [.. graph.Outputs.Where(output => needed.Contains(output.Name))],
        };
    }
}
