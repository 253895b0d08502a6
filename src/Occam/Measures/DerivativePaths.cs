using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Measures;

/// <summary>
/// Whether a derivative by the input, or by the weights, means something: roundings, comparisons and indices pass none.
/// </summary>
internal sealed class DerivativePaths
{
    // Parameters that a note names; of others it tells how many there are.
    private const int MostNamed = 4;

    private readonly Network _network;
    private readonly string _by;
    private readonly ImmutableHashSet<string> _reached;
    private readonly IReadOnlySet<string> _varying;

    // The output, and the values whose change moves it, not only by what is chosen (a condition, an index).
    private readonly HashSet<string> _moves;

    private DerivativePaths(Network network, string by, ImmutableHashSet<string> reached, IReadOnlySet<string> varying)
    {
        (_network, _by, _reached, _varying) = (network, by, reached, varying);
        _moves = Behind(IsWholly);
    }

    /// <summary>Why no derivative by the input reaches the output; null where one does, or where the operators aren't known.</summary>
    public static string? Missing(Network? network)
    {
        if (network is null || network.Differentiable.Contains(network.Output))
        {
            return null;
        }

        return network.Graph.Input.IsFloatingPoint ? ByInput(network).Missing($"'{network.Graph.Input.Name}'")
            : $"needs a derivative by the input, and '{network.Graph.Input.Name}' holds whole numbers: choose a floating-point value "
                + "behind it (--input)";
    }

    /// <summary>
    /// Why no derivative by any parameter reaches the output; null where one does, where there are no parameters, or where the operators
    /// aren't known.
    /// </summary>
    public static string? MissingByWeights(Network? network)
    {
        if (network is null or { Parameters.IsEmpty: true })
        {
            return null;
        }

        return network.DifferentiableFrom(NamesOf(network)).Contains(network.Output) ? null : ByWeights(network).Missing("a parameter");
    }

    /// <summary>That some ways from the input to the output are cut.</summary>
    public static ImmutableArray<string> Notes(Network? network) => network is null ? [] : ByInput(network).Notes("");

    /// <summary>That some ways from the weights to the output are cut, and of which parameters all are.</summary>
    public static ImmutableArray<string> NotesByWeights(Network? network)
    {
        if (network is null or { Parameters.IsEmpty: true })
        {
            return [];
        }

        var paths = ByWeights(network);
        var passed = paths.Behind((_, _) => false);
        Parameter[] behind =
            [.. network.Parameters.Where(parameter => paths._moves.Contains(parameter.Name) && !passed.Contains(parameter.Name))];
        return paths.Notes(behind.Length == 0 ? ""
            : $". No other way leads from {Names(behind)}, {Numbers.Format(behind.Sum(parameter => parameter.Value.Elements))} of "
                + $"{Numbers.Format(network.ParameterCount)} numbers: by them the derivative is zero");
    }

    private static DerivativePaths ByInput(Network network) => new(network, "input", network.Differentiable, network.Graph.Varying);

    private static DerivativePaths ByWeights(Network network)
    {
        var names = NamesOf(network);
        HashSet<string> varying = [.. network.Graph.Varying, .. names];
        foreach (var node in network.Graph.Nodes.Where(node => node.Inputs.Any(varying.Contains)))
        {
            varying.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return new DerivativePaths(network, "weights", network.DifferentiableFrom(names), varying);
    }

    private static string[] NamesOf(Network network) => [.. network.Parameters.Select(parameter => parameter.Name)];

    private static string Names(Parameter[] parameters)
    {
        string[] named = [.. parameters.Take(MostNamed).Select(parameter => $"'{parameter.Name}'")];
        return parameters.Length > MostNamed ? $"{string.Join(", ", named)} and {parameters.Length - MostNamed} more"
            : named is [.. var others, var last] && others.Length > 0 ? $"{string.Join(", ", others)} and {last}"
            : named[0];
    }

    private string Missing(string from) => Cuts().FirstOrDefault() is { } node
        ? $"needs a derivative by the {_by}, and {node} passes none: it is constant between its jumps, and no other way leads to the output"
        : $"needs a derivative by the {_by}, and no floating-point way leads from {from} to the output";

    private ImmutableArray<string> Notes(string more)
    {
        Node[] cuts = [.. Cuts()];
        return cuts.Length == 0
            ? []
            : [$"{cuts[0]}{(cuts.Length > 1 ? $" and {cuts.Length - 1} more pass" : " passes")} no derivative, so that some of the ways "
                + $"from the {_by} to the output don't count: the function jumps there{more}"];
    }

    // The nodes that turn numbers with a derivative into numbers without one, on which floating-point numbers of the output depend.
    private IEnumerable<Node> Cuts() => _network.Graph.Nodes.Where(node => node.Inputs.Any(_reached.Contains)
        && node.Outputs.Index().Any(output => _moves.Contains(output.Item) && !_reached.Contains(output.Item)
            && IsWholly(node, output.Index)));

    // The output, and the values from which some way leads to it without a step, but for those that are passed.
    private HashSet<string> Behind(Func<Node, int, bool> passes)
    {
        HashSet<string> found = [_network.Output];
        foreach (var node in _network.Graph.Nodes.Reverse().Where(node => node.Outputs.Any(found.Contains)))
        {
            var op = _network.Operators[node];
            found.UnionWith(node.Inputs.Where((name, i) => name.Length > 0 && op.ReadsValues && node.Outputs.Index().Any(
                output => found.Contains(output.Item) && (!op.IsStep(node, i, output.Index) || passes(node, output.Index)))));
        }

        return found;
    }

    // A step in every input that varies: it has no way around it, as a choice between two values that vary has.
    private bool IsWholly(Node node, int output) => Enumerable.Range(0, node.Inputs.Length).All(i =>
        !_varying.Contains(node.Inputs[i]) || _network.Operators[node].IsStep(node, i, output));
}
