using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// The values of a graph that no input changes, each computed when it is asked for, from the nodes that it needs alone: the graph may
/// have others that can't be run.
/// </summary>
/// <param name="graph">The graph.</param>
internal sealed class GraphConstants(Graph graph)
{
    private readonly Dictionary<string, Tensor?> _known = [];

    /// <summary>The value of that name; null where it changes with an input, or there is none.</summary>
    public Tensor? Of(string name)
    {
        if (!_known.TryGetValue(name, out var value))
        {
            value = graph.Varying.Contains(name) || !graph.Has(name) ? null
                : graph.Initializers.TryGetValue(name, out var stored) ? stored
                : new Network(KeepNeeded.Apply(graph, [name]) with { Outputs = [new ValueInfo(name, graph.Input.Type, default)] }, name)
                    .Constant(name);
            _known[name] = value;
        }

        return value;
    }
}
