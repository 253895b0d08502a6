namespace Occam.Networks.Rewrites;

/// <summary>
/// Lets derivatives pass straight through roundings and signs, whose own are zero (Bengio et al. 2013, "Estimating or propagating gradients
/// through stochastic neurons"): the values stay as they are, and the derivative is that of the identity; of a sign, between −1 and 1
/// only (Hubara et al. 2016, "Binarized neural networks", eq. 4). It is another function's derivative, for who asks for it.
/// </summary>
internal static class StraightThrough
{
    /// <summary>Marks the nodes of a graph; those inside others (branches, bodies of loops) stay as they are.</summary>
    /// <returns>The graph, and what was done as a line for people.</returns>
    public static (Graph Graph, string Note) Apply(Graph graph)
    {
        var passed = graph.Nodes.Where(node => graph.Varying.Contains(node.Output))
            .Select(node => (Node: node, Marked: OperatorCatalogue.For(node).Straight(node)))
            .Where(pair => pair.Marked is not null)
            .ToDictionary(pair => pair.Node, pair => pair.Marked!, NodeIdentity.Comparer);
        if (passed.Count == 0)
        {
            return (graph, "there is no rounding and no sign for derivatives to pass straight through");
        }

        var first = graph.Nodes.First(passed.ContainsKey);
        var more = passed.Count > 1 ? $" and {passed.Count - 1} more" : "";
        return (
            graph with { Nodes = [.. graph.Nodes.Select(node => passed.GetValueOrDefault(node, node))] },
            $"derivatives pass straight through {first}{more}, as asked for: as if each were the identity (a sign: between −1 and 1). They "
                + "are not the function's own, which are zero there");
    }
}
