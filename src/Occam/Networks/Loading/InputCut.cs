using System.Collections.Immutable;
using Occam.Networks.Rewrites;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>A graph cut at the value that the function is of.</summary>
/// <param name="Graph">From the value on, with the inputs that it still needs held.</param>
/// <param name="Before">The graph that computes the value from the model's inputs; null where the value is one of them.</param>
internal sealed record InputCut(Graph Graph, Graph? Before)
{
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
            Nodes = [.. graph.Nodes.SelectMany(node => ReferenceEquals(node, producer) ? others : [node])],
            Input = new ValueInfo(value, ScalarType.Float32, default),
            Held = inputs,
        };
        var before = KeepNeeded.Apply(graph, [value]) with { Outputs = [new ValueInfo(value, ScalarType.Float32, default)] };
        return new(KeepNeeded.Apply(rest, [output]), WithInputsNeeded(before));
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
