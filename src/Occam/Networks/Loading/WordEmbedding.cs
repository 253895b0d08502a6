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
        HashSet<string> codes = [];
        (string Value, string Input, Node Node, (bool IsToken, long Rows) Rank)? best = null;
        string? other = null;
        foreach (var node in network.ActiveNodes)
        {
            var source = node.Inputs.Select(ids.GetValueOrDefault).OfType<string>().Distinct().ToArray() is [var one] ? one : null;
            if (source is null || !network.Operators[node].ReadsValues)
            {
                continue;
            }

            if (Table(network, node, ids, codes) is { } rows)
            {
                var rank = (!IsNamedForAnother(source), rows);
                var order = best is null ? 1 : rank.CompareTo(best.Value.Rank);
                other = order > 0 ? null : order < 0 ? other : other ?? $"{node}, looked up by '{source}'";
                best = order > 0 ? (node.Output, source, node, rank) : best;
            }
            else if (IsCode(network, node) || node.OperatorType == "Cast" || network.Operators[node].Linearity == Linearity.Structural)
            {
                var isCode = IsCode(network, node) || node.Inputs.Any(codes.Contains);
                foreach (var output in node.Outputs.Where(name => name.Length > 0))
                {
                    ids[output] = source;
                    if (isCode)
                    {
                        codes.Add(output);
                    }
                }
            }
        }

        return best is { } found ? (found.Value, found.Input, found.Node, other) : null;
    }

    private static bool IsNamedForAnother(string input) =>
        s_others.Any(other => input.Contains(other, StringComparison.OrdinalIgnoreCase));

    // A one-hot code of ids, by its own operator or by what they are equal to.
    private static bool IsCode(Network network, Node node) => node.OperatorType == "OneHot"
        || (node.OperatorType == "Equal" && node.Inputs.Any(name => network.Constant(name) is { Elements: > 1 }));

    // How many rows the table has that a node looks up, or null for any other node: a matrix that whole numbers of another kind than a
    // one-hot code are multiplied by is the first layer.
    private static long? Table(
        Network network, Node node, Dictionary<string, string> ids, HashSet<string> codes) => node.OperatorType switch
    {
        "Gather" when ids.ContainsKey(node.Inputs[1]) && node.Attributes.Int("axis", 0) == 0
            && network.Constant(node.Inputs[0]) is { IsFloatingPoint: true, Dimensions: 2 } table => table.Size(0),
        "MatMul" when codes.Contains(node.Inputs[0])
            && network.Constant(node.Inputs[1]) is { IsFloatingPoint: true, Dimensions: 2 } table => table.Size(0),
        _ => null,
    };
}
