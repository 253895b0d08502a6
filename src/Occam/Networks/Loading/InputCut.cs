using System.Collections.Immutable;
using Occam.Networks.Rewrites;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>A graph cut at the value that the function is of.</summary>
/// <param name="Graph">From the value on, with the inputs that it still needs held.</param>
/// <param name="Before">The graph that computes the value from the model's inputs; null where the value is one of them.</param>
internal sealed record InputCut(Graph Graph, Graph? Before)
{
    private const string SizesFrom = "occam.sizes.from";
    private const string SizesTo = "occam.sizes.to";

    private static readonly Tensor s_first = Tensor.FromArray([0L], 1).DetachFromDisposeScope();
    private static readonly Tensor s_last = Tensor.FromArray([-1L], 1).DetachFromDisposeScope();

    /// <summary>Makes a value the function's input.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="value">One of its inputs, or a floating-point value inside that varies with them.</param>
    /// <param name="output">The function's output.</param>
    public static InputCut At(Graph graph, string value, string output)
    {
        ImmutableArray<ValueInfo> inputs = [graph.Input, .. graph.Held];
        if (inputs.FirstOrDefault(input => input.Name == value) is { } chosen)
        {
            return new(graph with { Input = chosen, Held = inputs.Remove(chosen) }, null);
        }

        var producer = graph.Producers[value];
        var others = producer.Outputs.Length > 1
            ? [producer with { Outputs = [.. producer.Outputs.Select(name => name == value ? "" : name)] }]
            : ImmutableArray<Node>.Empty;
        var rest = graph with
        {
            Nodes = [.. graph.Nodes.SelectMany(
                node => ReferenceEquals(node, producer) ? others : SizesOf(node, producer) ? Sizes(node, value, graph) : [node])],
            Initializers = graph.Initializers.Add(SizesFrom, s_first).Add(SizesTo, s_last),
            Input = new ValueInfo(value, ScalarType.Float32, default),
            Held = inputs,
        };
        var before = KeepNeeded.Apply(graph, [value]) with { Outputs = [new ValueInfo(value, ScalarType.Float32, default)] };
        return new(KeepNeeded.Apply(rest, [output]), WithInputsNeeded(before));
    }

    // Whether a node asks for the sizes of the ids that a table is looked up by.
    private static bool SizesOf(Node node, Node lookup) =>
        node is { OperatorType: "Shape", Domain: "", Attributes.All.Count: 0 }
        && lookup is { OperatorType: "Gather", Domain: "" }
        && lookup.Attributes.Int("axis", 0) == 0 && node.Inputs[0] == lookup.Inputs[1];

    // The vectors have the sizes of the ids and one more: the ids themselves need not be held for their sizes alone.
    private static ImmutableArray<Node> Sizes(Node node, string vectors, Graph graph)
    {
        var all = graph.Unused($"{node.Output}.all");
        return
        [
            node with { Inputs = [vectors], Outputs = [all] },
            new Node($"{node.Name}.sizes", "Slice", "", [all, SizesFrom, SizesTo], node.Outputs, Attributes.None),
        ];
    }

    // The first input that is needed stands first.
    private static Graph WithInputsNeeded(Graph graph)
    {
        var needed = graph.Nodes.SelectMany(node => node.Inputs).ToHashSet();
        return needed.Contains(graph.Input.Name) || graph.Held.IsEmpty
            ? graph
            : graph with { Input = graph.Held[0], Held = graph.Held[1..] };
    }
}
