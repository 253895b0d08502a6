using System.Collections.Immutable;

namespace Occam.Networks.Onnx;

/// <summary>
/// Scan as operator set 8 had it, for a batch of sequences: each example has states and sequences of its own, which the first axis
/// counts. In the form of later sets it is a Scan over the examples, whose graph is a Scan over the parts of an example's sequences.
/// </summary>
internal static class OlderScan
{
    /// <summary>The only operator set that has it.</summary>
    public const int Version = 8;

    /// <summary>The node without its first input, the lengths of the sequences.</summary>
    /// <exception cref="OccamException">The file gives lengths.</exception>
    public static Node WithoutLengths(Node node) => node.HasInput(0)
        ? throw new OccamException($"{node} is given the lengths of its sequences, as only operator set {Version} has it: Occam runs it "
            + "over whole sequences")
        : node with { Inputs = node.Inputs is [_, .. var others] ? others : [] };

    /// <summary>The node in the form of later sets.</summary>
    /// <param name="node">The node, with what its graph captures behind what it hands over.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="handed">How many inputs it hands over.</param>
    /// <exception cref="OccamException">It has more outputs than its graph.</exception>
    public static Node ByExample(Node node, Graph graph, int handed)
    {
        if (node.Outputs.Length > graph.Outputs.Length)
        {
            throw new OccamException($"{node} has {node.Outputs.Length} outputs, and its graph {graph.Outputs.Length}");
        }

        ImmutableArray<string> names = [.. graph.Inputs.Select(input => input.Name)];
        ImmutableArray<string> outputs = [.. node.Outputs.Select((_, i) => graph.Unused($"example.{i}"))];
        var attributes = node.Attributes.All;
        attributes = attributes.TryGetValue("directions", out var directions)
            ? attributes.Remove("directions").SetItem("scan_input_directions", directions)
            : attributes;
        var inner = new Node($"{node.Name}.example", "Scan", "", names, outputs, new Attributes(attributes));
        ValueInfo Any(ValueInfo value) => new(value.Name, value.Type, default);
        var body = new Graph
        {
            Name = $"{graph.Name}.example",
            Opset = graph.Opset,
            Input = graph.Input == Graph.NoInput ? graph.Input : Any(graph.Input),
            Held = [.. graph.Held.Select(Any)],
            Outputs = [.. outputs.Select((name, i) => new ValueInfo(name, graph.Outputs[i].Type, default))],
            Nodes = [inner],
            Initializers = ImmutableDictionary<string, Torch.Tensor>.Empty,
        };
        return node with
        {
            Attributes = Attributes.Of(("num_scan_inputs", (long)handed), ("body", new Subgraph(body, handed, handed))),
        };
    }
}
