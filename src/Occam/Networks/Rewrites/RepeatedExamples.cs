using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Makes a graph that takes so many examples at a time, of several inputs, one that takes a single example: it stands in all rows of its
/// batch, and the first row that comes out is its own. Token ids are looked up once, before their vectors are repeated.
/// </summary>
internal static class RepeatedExamples
{
    /// <summary>Rewrites a graph whose examples the first dimension counts.</summary>
    /// <param name="graph">The graph; its first output is the function's.</param>
    /// <param name="batch">How many examples it takes.</param>
    /// <param name="output">The value whose first row is taken: the output, or what the graph's last node takes a position of.</param>
    /// <param name="isByRow">Whether that value's first dimension counts the examples, too: else only their order is sure.</param>
    public static Graph Apply(Graph graph, long batch, string output, bool isByRow)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        var repeated = new Dictionary<string, string>();
        foreach (var input in graph.Inputs.Where(HasRows))
        {
            nodes.Add(Repeat(graph, input.Name, repeated[input.Name] = graph.Unused($"{input.Name}.repeated"), batch));
        }

        var last = graph.Outputs[0].Name == output ? null : graph.Producers[graph.Outputs[0].Name];
        foreach (var node in graph.Nodes.Where(node => !ReferenceEquals(node, last)))
        {
            if (LooksUp(graph, node, repeated))
            {
                var one = graph.Unused($"{node.Output}.one");
                nodes.Add(node with { Outputs = [one] });
                nodes.Add(Repeat(graph, one, node.Output, batch));
                continue;
            }

            nodes.Add(node with { Inputs = [.. node.Inputs.Select(name => repeated.GetValueOrDefault(name, name))] });
        }

        var (rows, first) = (graph.Unused("occam.rows"), graph.Unused("occam.first"));
        var (all, flat) = (graph.Unused($"{output}.all"), graph.Unused($"{output}.flat"));
        ImmutableArray<string> Renamed(ImmutableArray<string> names) => [.. names.Select(name => name == output ? all : name)];
        var renamed = nodes.Select(node => node with { Inputs = Renamed(node.Inputs), Outputs = Renamed(node.Outputs) });
        ImmutableArray<Node> flattened = isByRow ? [] : [new Node(flat, "Reshape", "", [all, rows], [flat], Attributes.None)];
        var taken = new Node(output, "Gather", "", [isByRow ? all : flat, first], [output], Attributes.Of(("axis", 0L)));
        ValueInfo OfOne(ValueInfo input) => HasRows(input) ? input with { Shape = input.Shape.SetItem(0, 1) } : input;
        return graph with
        {
            Input = OfOne(graph.Input),
            Held = [.. graph.Held.Select(OfOne)],
            Nodes = [.. renamed, .. flattened, taken, .. last is null ? ImmutableArray<Node>.Empty : [last]],
            Initializers = graph.Initializers
                .Add(rows, Tensor.FromArray([batch, -1L], 2).DetachFromDisposeScope())
                .Add(first, Tensor.FromArray([0L], 1).DetachFromDisposeScope()),
        };

        bool HasRows(ValueInfo input) => input.Shape is { IsDefaultOrEmpty: false } shape && shape[0] == batch;
    }

    private static Node Repeat(Graph graph, string from, string to, long batch) => new(
        graph.Unused($"{to}.repeat"), "Concat", "", [.. Enumerable.Repeat(from, (int)batch)], [to], Attributes.Of(("axis", 0L)));

    private static bool LooksUp(Graph graph, Node node, Dictionary<string, string> repeated) =>
        node is { OperatorType: "Gather", Domain: "", Inputs: [var table, var by] } && node.Attributes.Int("axis", 0) == 0
        && repeated.ContainsKey(by) && !graph.Varying.Contains(table);
}
