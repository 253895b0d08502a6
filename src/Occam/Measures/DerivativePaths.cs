using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// Whether a derivative by the input, or by the weights, means something: roundings, comparisons and indices pass none.
/// </summary>
internal sealed class DerivativePaths
{
    // Parameters that a note names; of others it tells how many there are.
    private const int MostNamed = 4;

    private readonly Network _network;
    private readonly string _of;
    private readonly string _by;
    private readonly ImmutableHashSet<string> _reached;
    private readonly IReadOnlySet<string> _varying;

    // The output, and the values whose change moves it, not only by what is chosen (a condition, an index).
    private readonly HashSet<string> _moves;

    private DerivativePaths(Network network, string of, string by, ImmutableHashSet<string> reached, IReadOnlySet<string> varying)
    {
        (_network, _of, _by, _reached, _varying) = (network, of, by, reached, varying);
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

    /// <summary>Why no derivative of one value of a network by another means something; null where it does. And what is cut.</summary>
    /// <param name="network">The network.</param>
    /// <param name="of">The value whose derivative it is.</param>
    /// <param name="by">The value that it is by.</param>
    public static (string? Missing, ImmutableArray<string> Notes) Between(Network network, string of, string by)
    {
        var reached = network.DifferentiableFrom([by]);
        var paths = new DerivativePaths(network, of, "input", reached, VaryingWith(network, [by], []));
        return reached.Contains(of) ? (null, paths.Notes("")) : (paths.Missing($"'{by}'"), []);
    }

    private static DerivativePaths ByInput(Network network) =>
        new(network, network.Output, "input", network.Differentiable, network.DependsOnData);

    private static DerivativePaths ByWeights(Network network)
    {
        var names = NamesOf(network);
        return new DerivativePaths(
            network, network.Output, "weights", network.DifferentiableFrom(names), VaryingWith(network, names, network.DependsOnData));
    }

    private static HashSet<string> VaryingWith(Network network, IEnumerable<string> names, IEnumerable<string> others)
    {
        HashSet<string> varying = [.. others, .. names];
        foreach (var node in network.Graph.Nodes.Where(node => network.Operators[node].ReadsValues && node.Inputs.Any(varying.Contains)))
        {
            varying.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return varying;
    }

    private static string[] NamesOf(Network network) => [.. network.Parameters.Select(parameter => parameter.Name)];

    private static string Names(Parameter[] parameters)
    {
        string[] named = [.. parameters.Take(MostNamed).Select(parameter => $"'{parameter.Name}'")];
        return parameters.Length > MostNamed ? $"{string.Join(", ", named)} and {parameters.Length - MostNamed} more"
            : named is [.. var others, var last] && others.Length > 0 ? $"{string.Join(", ", others)} and {last}"
            : named[0];
    }

    private string Missing(string from) => Cuts().FirstOrDefault() is { } cut
        ? $"needs a derivative by the {_by}, and {cut} passes none: it is constant between its jumps, and no other way leads to the output"
        : $"needs a derivative by the {_by}, and no floating-point way leads from {from} to the output";

    private ImmutableArray<string> Notes(string more)
    {
        string[] cuts = [.. Cuts().Distinct()];
        return cuts.Length == 0
            ? []
            : [$"{cuts[0]}{(cuts.Length > 1 ? $" and {cuts.Length - 1} more pass" : " passes")} no derivative, so that some of the ways "
                + $"from the {_by} to the output don't count: the function jumps there{more}"];
    }

    // The nodes that turn numbers with a derivative into numbers without one, on which floating-point numbers of the output depend; also
    // those in graphs inside nodes, which may have ways around them.
    private IEnumerable<string> Cuts()
    {
        foreach (var node in _network.Graph.Nodes.Where(node => node.Inputs.Any(_reached.Contains) && node.Outputs.Any(_moves.Contains)))
        {
            string[] inside = [.. Subgraph.Of(node).SelectMany(graph => CutsInside(node, graph))];
            foreach (var cut in inside)
            {
                yield return $"{cut} inside {node}";
            }

            if (inside.Length == 0 && node.Outputs.Index().Any(output => _moves.Contains(output.Item) && !_reached.Contains(output.Item)
                && IsWholly(node, output.Index)))
            {
                yield return $"{node}";
            }
        }
    }

    private IEnumerable<string> CutsInside(Node node, Subgraph graph)
    {
        var inner = graph.In(ScalarType.Float32, Device.Cpu);
        HashSet<string> by =
        [
            .. Enumerable.Range(0, node.Inputs.Length)
                .Where(i => _reached.Contains(node.Inputs[i])).Select(i => graph.NameOf(i)).OfType<string>(),
        ];

        // What a later round begins with is what an earlier one gave.
        if (node.OperatorType is "Loop" or "Scan" && by.Count > 0)
        {
            by.UnionWith(graph.HandedNames.Skip(node.OperatorType == "Loop" ? 2 : 0));
        }

        var varying = VaryingWith(inner, by, []);
        var reached = inner.DifferentiableFrom(by);
        foreach (var output in graph.Graph.Outputs.Skip(node.OperatorType == "Loop" ? 1 : 0).Where(output => varying.Contains(output.Name)))
        {
            foreach (var cut in new DerivativePaths(inner, output.Name, _by, reached, varying).Cuts())
            {
                yield return cut;
            }
        }
    }

    // The output, and the values from which some way leads to it without a step, but for those that are passed. What is to be run by a
    // node of other graphs is chosen, whatever these give.
    private HashSet<string> Behind(Func<Node, int, bool> passes)
    {
        HashSet<string> found = [_of];
        foreach (var node in _network.Graph.Nodes.Reverse().Where(node => node.Outputs.Any(found.Contains)))
        {
            var op = _network.Operators[node];
            var choosing = node.OperatorType switch { "If" => 1, "Loop" => 2, _ => 0 };
            found.UnionWith(node.Inputs.Where((name, i) => name.Length > 0 && op.ReadsValues && node.Outputs.Index().Any(
                output => found.Contains(output.Item)
                    && (!op.IsStep(node, i, output.Index) || (i >= choosing && passes(node, output.Index))))));
        }

        return found;
    }

    // A step in every input that varies: it has no way around it, as a choice between two values that vary has.
    private bool IsWholly(Node node, int output) => Enumerable.Range(0, node.Inputs.Length).All(i =>
        !_varying.Contains(node.Inputs[i]) || _network.Operators[node].IsStep(node, i, output));
}
