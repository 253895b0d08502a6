namespace Occam.Networks.Operators;

/// <summary>
/// Finds nodes that choose by the numbers of the data which graph runs, or how often. They choose for a batch as a whole, so that
/// examples must be run one at a time.
/// </summary>
internal static class DataChoices
{
    /// <summary>The first such node of those that the output depends on, or null.</summary>
    public static Node? Find(Network network) =>
        network.ActiveNodes.FirstOrDefault(node => Chooses(node, network.DependsOnData));

    private static bool Chooses(Node node, IReadOnlySet<string> data) =>
        Subgraph.Of(node).Any() && node.Inputs.Any(data.Contains)
        && (IsChosenByData(node, data) || Subgraph.Of(node).Any(graph => ChoosesInside(node, graph, data)));

    private static bool IsChosenByData(Node node, IReadOnlySet<string> data) => node.OperatorType switch
    {
        "If" => data.Contains(node.Inputs[0]),
        "Loop" => node.Inputs.Take(2).Any(data.Contains),
        _ => false,
    };

    private static bool ChoosesInside(Node node, Subgraph graph, IReadOnlySet<string> data)
    {
        var network = graph.In(Torch.ScalarType.Float32, Torch.Device.Cpu);

        // A loop's counter and condition are no data; its states may be.
        var found = graph.HandedNames.Skip(node.OperatorType == "Loop" ? 2 : 0).ToHashSet();
        found.UnionWith(graph.CapturedNames.Where((_, i) => data.Contains(node.Inputs[graph.CapturedAt + i])));
        foreach (var inner in graph.Graph.Nodes.Where(inner => network.Operators[inner].ReadsValues && inner.Inputs.Any(found.Contains)))
        {
            if (Chooses(inner, found))
            {
                return true;
            }

            found.UnionWith(inner.Outputs);
        }

        return node.OperatorType == "Loop" && found.Contains(graph.Graph.Outputs[0].Name);
    }
}
