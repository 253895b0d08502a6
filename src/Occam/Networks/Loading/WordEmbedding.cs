namespace Occam.Networks.Loading;

/// <summary>Finds the embedding that token ids go into.</summary>
internal static class WordEmbedding
{
    private static readonly string[] s_others = ["type", "segment", "position", "mask"];

    /// <summary>
    /// The vectors of the tokens: of the look-ups in a stored table by what comes from whole-number inputs (a Gather, or a
    /// one-hot code times a matrix), that of the largest table on the way to the output. Positions and types have smaller ones; an input
    /// that is called so comes last.
    /// </summary>
    /// <returns>The value's name, the input that the table is looked up by, and another value that might as well be meant; null where there
    /// is none.</returns>
    public static (string Value, string Input, Node Node, string? Other)? Find(Network network)
    {
        var graph = network.Graph;

        // What each value takes over from one whole-number input alone, by nodes that keep or cast its numbers.
        var ids = graph.Held.Append(graph.Input)
            .Where(input => !input.IsFloatingPoint)
            .ToDictionary(input => input.Name, input => input.Name);
        (string Value, string Input, Node Node, (bool IsToken, long Rows) Rank)? best = null;
        string? other = null;
        foreach (var node in network.ActiveNodes)
        {
            var source = node.Inputs.Select(ids.GetValueOrDefault).OfType<string>().Distinct().ToArray() is [var one] ? one : null;
            if (source is null || !network.Operators[node].ReadsValues)
            {
                continue;
            }

            if (Table(network, node, ids) is { } rows)
            {
                var rank = (!IsNamedForAnother(source), rows);
                var order = best is null ? 1 : rank.CompareTo(best.Value.Rank);
                other = order > 0 ? null : order < 0 ? other : other ?? $"{node}, looked up by '{source}'";
                best = order > 0 ? (node.Output, source, node, rank) : best;
            }
            else if (node.OperatorType is "OneHot" or "Cast" || network.Operators[node].Linearity == Linearity.Structural)
            {
                foreach (var output in node.Outputs.Where(name => name.Length > 0))
                {
                    ids[output] = source;
                }
            }
        }

        return best is { } found ? (found.Value, found.Input, found.Node, other) : null;
    }

    private static bool IsNamedForAnother(string input) =>
        s_others.Any(other => input.Contains(other, StringComparison.OrdinalIgnoreCase));

    // How many rows the table has that a node looks up, or null for any other node.
    private static long? Table(Network network, Node node, Dictionary<string, string> ids) => node.OperatorType switch
    {
        "Gather" when ids.ContainsKey(node.Inputs[1]) && node.Attributes.Int("axis", 0) == 0
            && network.Constant(node.Inputs[0]) is { IsFloatingPoint: true, Dimensions: 2 } table => table.Size(0),
        "MatMul" when ids.ContainsKey(node.Inputs[0])
            && network.Constant(node.Inputs[1]) is { IsFloatingPoint: true, Dimensions: 2 } table => table.Size(0),
        _ => null,
    };
}
