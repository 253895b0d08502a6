using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Puts the tensors of sequences in the places where they are taken out, where it is known which ones: once loops are unrolled, PyTorch's
/// exporters use sequences only to gather tensors and join them. A sequence whose length depends on the data stays, and is refused.
/// </summary>
internal static class ResolveSequences
{
    private static readonly string[] s_kinds =
    [
        "SequenceEmpty", "SequenceConstruct", "SequenceInsert", "SequenceErase", "SplitToSequence", "SequenceAt", "SequenceLength",
        "ConcatFromSequence",
    ];

    /// <summary>Whether a graph, or one inside it, has operators on sequences.</summary>
    public static bool Has(Graph graph) =>
        graph.Nodes.Any(node => s_kinds.Contains(node.OperatorType) || Subgraph.Of(node).Any(inner => Has(inner.Graph)));

    /// <summary>Resolves what can be resolved.</summary>
    /// <returns>The same graph where there are no sequences.</returns>
    public static Graph Apply(Graph graph)
    {
        if (!graph.Nodes.Any(node => s_kinds.Contains(node.OperatorType)))
        {
            return graph;
        }

        var resolver = new Resolver(graph);
        ImmutableArray<Node> nodes = [.. graph.Nodes.SelectMany(node => resolver.Plain(node) ?? [node])];
        return graph with { Nodes = nodes, Initializers = resolver.Stored };
    }

    private sealed class Resolver(Graph graph)
    {
        private readonly GraphConstants _constants = new(graph);

        // The names of the tensors of each known sequence.
        private readonly Dictionary<string, ImmutableArray<string>> _sequences = [];

        public ImmutableDictionary<string, Tensor> Stored { get; private set; } = graph.Initializers;

        /// <summary>What stands for a node; null for the node itself.</summary>
        public Node[]? Plain(Node node)
        {
            ImmutableArray<string>? Sequence() =>
                node.HasInput(0) && _sequences.TryGetValue(node.Inputs[0], out var tensors) ? tensors : null;
            switch (node.OperatorType)
            {
                case "SequenceEmpty":
                    return Known(node, []);
                case "SequenceConstruct":
                    return Known(node, node.Inputs);
                case "Identity" when Sequence() is { } same:
                    return Known(node, same);
                case "SequenceInsert" when Sequence() is { } before && Place(node, 2, before.Length, before.Length + 1) is { } at:
                    return Known(node, before.Insert(at, node.Inputs[1]));
                case "SequenceErase" when Sequence() is { Length: > 0 } before
                    && Place(node, 1, before.Length - 1, before.Length) is { } at:
                    return Known(node, before.RemoveAt(at));
                case "SequenceAt" when Sequence() is { } all && Place(node, 1, -1, all.Length) is { } at:
                    return [node with { OperatorType = "Identity", Inputs = [all[at]] }];
                case "SequenceLength" when Sequence() is { } all:
                    Stored = Stored.SetItem(node.Output, Tensor.FromArray([(long)all.Length]).Reshape([]).DetachFromDisposeScope());
                    return [];
                case "ConcatFromSequence" when Sequence() is { IsEmpty: false } all:
                    return Joined(node, all);
                case "SplitToSequence" when Split(node) is { } parts:
                    return parts;
                default:
                    return null;
            }
        }

        private Node[] Known(Node node, ImmutableArray<string> tensors)
        {
            _sequences[node.Output] = tensors;
            return [];
        }

        // A place that is a constant; the given one where none is said.
        private int? Place(Node node, int input, int unsaid, int places)
        {
            if (!node.HasInput(input))
            {
                return unsaid;
            }

            var at = _constants.Of(node.Inputs[input]) is { Elements: 1 } constant ? (long)constant.Item() : (long?)null;
            at = at < 0 ? at + places : at;
            return at >= 0 && at < places ? (int)at : null;
        }

        private Node[] Joined(Node node, ImmutableArray<string> tensors)
        {
            var axis = node.Attributes.Int("axis", 0);
            if (node.Attributes.Int("new_axis", 0) == 0)
            {
                return [node with { OperatorType = "Concat", Inputs = tensors, Attributes = Attributes.Of(("axis", axis)) }];
            }

            var axes = Store($"{node.Output}.axis", [axis]);
            string[] rows = [.. tensors.Select((_, i) => graph.Unused($"{node.Output}.{i}"))];
            return
            [
                .. tensors.Select((tensor, i) => new Node(rows[i], "Unsqueeze", "", [tensor, axes], [rows[i]], Attributes.None)),
                node with { OperatorType = "Concat", Inputs = [.. rows], Attributes = Attributes.Of(("axis", axis)) },
            ];
        }

        // Where the lengths of the parts are written down.
        private Node[]? Split(Node node)
        {
            if (!node.HasInput(1) || graph.Opset < 13 || _constants.Of(node.Inputs[1]) is not { Dimensions: 1, Elements: > 0 } lengths)
            {
                return null;
            }

            ImmutableArray<string> parts =
                [.. Enumerable.Range(0, (int)lengths.Elements).Select(i => graph.Unused($"{node.Output}.{i}"))];
            _sequences[node.Output] = parts;
            var axis = Attributes.Of(("axis", node.Attributes.Int("axis", 0)));
            return [node with { OperatorType = "Split", Outputs = parts, Attributes = axis }];
        }

        private string Store(string name, long[] numbers)
        {
            name = graph.Unused(name);
            Stored = Stored.SetItem(name, Tensor.FromArray(numbers, numbers.Length).DetachFromDisposeScope());
            return name;
        }
    }
}
