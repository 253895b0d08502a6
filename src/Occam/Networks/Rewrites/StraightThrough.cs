using System.Collections.Immutable;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Lets derivatives pass straight through roundings and signs, whose own are zero (Bengio et al. 2013, "Estimating or propagating gradients
/// through stochastic neurons"): the values stay as they are, and the derivative is that of the identity; of a sign, between −1 and 1
/// only (Hubara et al. 2016, "Binarized neural networks", eq. 4). It is another function's derivative, for who asks for it.
/// </summary>
internal static class StraightThrough
{
    /// <summary>Marks the nodes of a graph, those inside others (branches, bodies of loops) among them.</summary>
    /// <returns>The graph, and what was done as a line for people.</returns>
    public static (Graph Graph, string Note) Apply(Graph graph)
    {
        List<Node> passed = [];
        var nodes = Marked(graph.Nodes, [.. graph.Varying, .. OfWeights(graph)], passed);
        if (passed.Count == 0)
        {
            return (graph, "there is no rounding and no sign for derivatives to pass straight through");
        }

        var more = passed.Count > 1 ? $" and {passed.Count - 1} more" : "";
        return (
            graph with { Nodes = nodes },
            $"derivatives pass straight through {passed[0]}{more}, as asked for: as if each were the identity (a sign: between −1 and 1). "
                + "They are not the function's own, which are zero there");
    }

    /// <summary>Whether derivatives pass straight through some node, those inside others among them.</summary>
    public static bool IsIn(Graph graph) => graph.Nodes.Any(node =>
        (OperatorCatalogue.For(node) is var op && op.Straight(node) is not null && !op.IsStep(node, 0, 0))
        || Subgraph.Of(node).Any(inside => IsIn(inside.Graph)));

    // The nodes, marked where what they give varies with the data or the weights; those that were marked are added to a list.
    private static ImmutableArray<Node> Marked(ImmutableArray<Node> nodes, HashSet<string> varying, List<Node> passed) =>
    [
        .. nodes.Select(node =>
        {
            if (!node.Outputs.Any(varying.Contains))
            {
                return node;
            }

            if (OperatorCatalogue.For(node).Straight(node) is { } marked)
            {
                passed.Add(node);
                return marked;
            }

            var attributes = node.Attributes.All;
            foreach (var (name, value) in attributes)
            {
                if (value is Subgraph inside)
                {
                    var count = passed.Count;
                    var body = Marked(inside.Graph.Nodes, Varying(node, inside, varying), passed);
                    attributes = passed.Count == count ? attributes
                        : attributes.SetItem(name, inside.WithNodes(body));
                }
            }

            return attributes == node.Attributes.All ? node : node with { Attributes = new Attributes(attributes) };
        }),
    ];

    // What is computed from weights alone, such as the signs that a binary layer takes of them: derivatives by the weights go that way.
    private static HashSet<string> OfWeights(Graph graph)
    {
        HashSet<string> found = [.. new Network(graph).Parameters.Select(parameter => parameter.Name)];
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Any(found.Contains)))
        {
            found.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return found;
    }

    // What varies with the data inside: what is handed over, as it may from one round on, and what is captured of that kind.
    private static HashSet<string> Varying(Node node, Subgraph inside, HashSet<string> outside)
    {
        HashSet<string> found = [.. inside.HandedNames];
        found.UnionWith(inside.CapturedNames.Where((_, i) => outside.Contains(node.Inputs[inside.CapturedAt + i])));
        foreach (var inner in inside.Graph.Nodes.Where(inner => inner.Inputs.Any(found.Contains)))
        {
            found.UnionWith(inner.Outputs.Where(name => name.Length > 0));
        }

        return found;
    }
}
