using System.Collections.Immutable;

namespace Occam.Networks.Loading;

/// <summary>Chooses the value of a model that its function is of, where nothing is said.</summary>
internal static class FunctionInput
{
    // What a mask is multiplied by on its way to a softmax: 1 − mask times −10,000, or the largest number of a type.
    private const double Hiding = 1000;

    /// <summary>
    /// The first input of floating-point numbers that is no mask, of those by which the output has a derivative; where there is
    /// none, the word embedding that token ids go into; where there is none either, the first floating-point input.
    /// </summary>
    /// <returns>The value's name and why it is the one; null where the inputs are whole numbers and no embedding is found.</returns>
    public static (string Value, string? Note)? Find(Network network)
    {
        var graph = network.Graph;
        ImmutableArray<ValueInfo> inputs = [graph.Input, .. graph.Held];
        ImmutableArray<ValueInfo> numbers = [.. inputs.Where(input => input.IsFloatingPoint)];
        ImmutableArray<ValueInfo> unmasked = [.. numbers.Where(input => !IsMask(network, input.Name))];

        // One whose every way to the output is cut leaves nothing to differentiate.
        var chosen = unmasked.FirstOrDefault(input => network.DifferentiableFrom([input.Name]).Contains(network.Output))
            ?? unmasked.FirstOrDefault();
        if (chosen is null && WordEmbedding.Find(network) is var (embedding, ids, node, other))
        {
            return (embedding, $"function of the word embedding {node}, looked up by '{ids}': token ids have no derivative (--input "
                + $"chooses another value{(other is null ? "" : $", such as {other}, whose table is as large")})");
        }

        chosen ??= numbers.FirstOrDefault();
        return chosen is null ? null
            : inputs.Length == 1 ? (chosen.Name, null)
            : (chosen.Name, $"function of the input '{chosen.Name}', each example's own "
                + $"{string.Join(", ", inputs.Where(input => input != chosen).Select(input => $"'{input.Name}'"))} held (--input chooses "
                + "another value)");
    }

    // An input that is called so, or that goes by sums and products with constants into one with a large number.
    private static bool IsMask(Network network, string input)
    {
        if (input.Contains("mask", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var followed = new HashSet<string> { input };
        foreach (var node in network.ActiveNodes.Where(node => node.Inputs.Any(followed.Contains)))
        {
            var constants = node.Inputs.Where(name => name.Length > 0 && !followed.Contains(name)).Select(network.Constant).ToArray();
            if (node.OperatorType == "Mul" && constants is [{ IsFloatingPoint: true, Elements: 1 } factor])
            {
                return Math.Abs(factor.Item()) >= Hiding;
            }

            if (node.OperatorType is "Cast" or "Sub" || network.Operators[node].Linearity == Linearity.Structural)
            {
                followed.UnionWith(node.Outputs.Where(name => name.Length > 0));
            }
        }

        return false;
    }
}
