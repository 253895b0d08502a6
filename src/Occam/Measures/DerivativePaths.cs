using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Measures;

/// <summary>Whether a derivative by the input means something: roundings, comparisons and indices pass none.</summary>
internal static class DerivativePaths
{
    /// <summary>Why no derivative by the input reaches the output; null where one does, or where the operators aren't known.</summary>
    public static string? Missing(Network? network)
    {
        if (network is null || network.Differentiable.Contains(network.Output))
        {
            return null;
        }

        if (!network.Graph.Input.IsFloatingPoint)
        {
            return $"needs a derivative by the input, and '{network.Graph.Input.Name}' holds whole numbers: choose a floating-point value "
                + "behind it (--input)";
        }

        return Cuts(network).FirstOrDefault() is { } node
            ? $"needs a derivative by the input, and {node} passes none: it is constant between its jumps, and no "
                + "other way leads to the output"
            : $"needs a derivative by the input, and no floating-point way leads from '{network.Graph.Input.Name}' to the output";
    }

    /// <summary>That some ways to the output are cut.</summary>
    public static ImmutableArray<string> Notes(Network? network)
    {
        Node[] cuts = network is null ? [] : [.. Cuts(network)];
        return cuts.Length == 0
            ? []
            : [$"{cuts[0]}{(cuts.Length > 1 ? $" and {cuts.Length - 1} more" : "")} passes no derivative, so that some of the ways "
                + "from the input to the output don't count: the function jumps there"];
    }

    // The nodes that turn numbers with a derivative into numbers without one, on which floating-point numbers of the output depend.
    private static IEnumerable<Node> Cuts(Network network)
    {
        // Backwards from the output: values whose change moves it, not only by what is chosen (a condition, an index).
        var moves = new HashSet<string> { network.Output };
        var active = network.ActiveNodes.ToArray();
        foreach (var node in active.Reverse().Where(node => node.Outputs.Any(moves.Contains)))
        {
            var op = network.Operators[node];
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                if (node.HasInput(i) && op.ReadsValues && Enumerable.Range(0, node.Outputs.Length).Any(
                    to => moves.Contains(node.Outputs[to]) && (!op.IsStep(node, i, to) || IsWholly(network, node, to))))
                {
                    moves.Add(node.Inputs[i]);
                }
            }
        }

        return active.Where(node => node.Inputs.Any(network.Differentiable.Contains)
            && node.Outputs.Index().Any(output => moves.Contains(output.Item) && !network.Differentiable.Contains(output.Item)
                && IsWholly(network, node, output.Index)));
    }

    // A step in every input that varies: it has no way around it, as a choice between two values that vary has.
    private static bool IsWholly(Network network, Node node, int output) => Enumerable.Range(0, node.Inputs.Length).All(i =>
        !network.Graph.Varying.Contains(node.Inputs[i]) || network.Operators[node].IsStep(node, i, output));
}
