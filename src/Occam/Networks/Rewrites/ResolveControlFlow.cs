using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Puts what is inside a node into the graph around it, where it is known what will run: the branch of an If whose condition is a
/// constant, and the rounds of a short Loop whose number is one and that nothing ends before. What then follows is plain. Of a Loop that
/// stays it is said where its body runs once at least.
/// </summary>
internal static class ResolveControlFlow
{
    private const long MostRounds = 64;
    private const long MostNodes = 1024;

    /// <summary>Resolves what can be resolved, nested graphs too.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The same graph where there is nothing to resolve.</returns>
    public static Graph Apply(Graph graph)
    {
        while (graph.Nodes.Any(node => Subgraph.Of(node).Any()) && Once(graph) is { } resolved)
        {
            graph = resolved;
        }

        return graph.Nodes.Any(node => node.OperatorType == "Loop") ? WithRunning(graph) : graph;
    }

    private static Graph WithRunning(Graph graph)
    {
        var constants = new GraphConstants(graph);
        return graph with
        {
            Nodes =
            [
                .. graph.Nodes.Select(node => node.OperatorType == "Loop" && node.Attributes.Subgraph("body") is { Runs: false } body
                    && Begins(constants, node)
                    ? node with { Attributes = new Attributes(node.Attributes.All.SetItem("body", body.Running())) }
                    : node),
            ],
        };
    }

    // Whether the number of rounds is 1 or more, or not limited, and nothing keeps the first from being run.
    private static bool Begins(GraphConstants constants, Node node) =>
        (!node.HasInput(0) || (constants.Of(node.Inputs[0]) is { Elements: 1 } count && count.ToArray<long>()[0] > 0))
        && (!node.HasInput(1) || (constants.Of(node.Inputs[1]) is { Elements: 1 } condition && condition.Item() != 0));

    private static Graph? Once(Graph graph)
    {
        var constants = new GraphConstants(graph);
        var draft = new Draft(graph);
        var nodes = ImmutableArray.CreateBuilder<Node>();
        var changed = false;
        foreach (var node in graph.Nodes)
        {
            var plain = node.OperatorType switch
            {
                "If" => Branch(constants, draft, node),
                "Loop" => Rounds(constants, draft, node),
                _ => null,
            };
            nodes.AddRange(plain ?? [node]);
            changed |= plain is not null;
        }

        return changed ? graph with { Nodes = nodes.ToImmutable(), Initializers = draft.Initializers.ToImmutable() } : null;
    }

    private static List<Node>? Branch(GraphConstants constants, Draft draft, Node node)
    {
        if (!node.HasInput(0) || constants.Of(node.Inputs[0]) is not { Elements: 1 } condition
            || node.Attributes.Subgraph(condition.Item() != 0 ? "then_branch" : "else_branch") is not { } branch)
        {
            return null;
        }

        var nodes = new List<Node>();
        draft.Splice(nodes, node, branch, [], [.. node.Outputs]);
        return nodes;
    }

    private static List<Node>? Rounds(GraphConstants constants, Draft draft, Node node)
    {
        if (node.Attributes.Subgraph("body") is not { } body
            || !node.HasInput(0) || constants.Of(node.Inputs[0]) is not { Elements: 1 } count
            || count.ToArray<long>()[0] is not (> 0 and <= MostRounds and var rounds)
            || rounds * body.Graph.Nodes.Length > MostNodes
            || !Begins(constants, node)
            || node.Inputs.Length < body.Handed || node.Outputs.Length >= body.Graph.Outputs.Length
            || body.Graph.Outputs.Length < body.Handed - 1
            || !Continues(constants, node, body))
        {
            // Also where the graph doesn't fit its node: running it says so.
            return null;
        }

        var states = body.Handed - 2;
        var nodes = new List<Node>();
        var handed = node.Inputs.Skip(2).Take(states).ToArray();
        var goesOn = draft.Store($"{node.Name}.condition", Tensor.FromArray([true]).Reshape());
        var stacked = Enumerable.Range(0, body.Graph.Outputs.Length - 1 - states).Select(_ => new List<string>()).ToArray();
        for (var round = 0L; round < rounds; round++)
        {
            var index = draft.Store($"{node.Name}.{round}", Tensor.FromArray([round]).Reshape());
            string[] outputs = [.. body.Graph.Outputs.Select(output => draft.Fresh($"{node.Name}.{round}.{output.Name}"))];
            draft.Splice(nodes, node, body, [index, goesOn, .. handed], outputs, $"{round}.");
            handed = outputs[1..(1 + states)];
            for (var i = 0; i < stacked.Length; i++)
            {
                stacked[i].Add(outputs[1 + states + i]);
            }
        }

        for (var i = 0; i < node.Outputs.Length; i++)
        {
            if (node.Outputs[i].Length > 0)
            {
                nodes.AddRange(i < states
                    ? [Identity(draft, handed[i], node.Outputs[i])]
                    : Stack(draft, node, stacked[i - states], node.Outputs[i]));
            }
        }

        return nodes;
    }

    // Whether a round lets the next begin, whatever it computed.
    private static bool Continues(GraphConstants constants, Node node, Subgraph body)
    {
        var inside = new GraphConstants(body.Graph);
        var name = body.Graph.Outputs[0].Name;
        while (body.Graph.Producers.TryGetValue(name, out var producer) && producer.OperatorType is "Identity" or "Cast")
        {
            name = producer.Inputs[0];
        }

        var captured = body.CapturedNames.ToList().IndexOf(name);
        return name == body.HandedNames.ElementAt(1)
            || (captured < 0 ? inside.Of(name) : constants.Of(node.Inputs[body.CapturedAt + captured]))
                is { Elements: 1 } constant && constant.Item() != 0;
    }

    private static IEnumerable<Node> Stack(Draft draft, Node node, List<string> rounds, string output)
    {
        var axis = draft.Opset >= 13 ? draft.Store($"{node.Name}.axis", Tensor.FromArray([0L], 1)) : null;
        var attributes = axis is null ? Attributes.Of(("axes", new long[] { 0 })) : Attributes.None;
        List<string> parts = [];
        foreach (var round in rounds)
        {
            var part = draft.Fresh($"{round}.row");
            parts.Add(part);
            ImmutableArray<string> inputs = axis is null ? [round] : [round, axis];
            yield return new Node(draft.FreshNode(part), "Unsqueeze", "", inputs, [part], attributes);
        }

        yield return new Node(draft.FreshNode(output), "Concat", "", [.. parts], [output], Attributes.Of(("axis", 0L)));
    }

    private static Node Identity(Draft draft, string from, string to) =>
        new(draft.FreshNode(to), "Identity", "", [from], [to], Attributes.None);

    /// <summary>The graph that is being made: the names that are taken, and what it stores.</summary>
    private sealed class Draft(Graph graph)
    {
        private readonly HashSet<string> _names =
        [
            .. graph.Inputs.Select(input => input.Name), .. graph.Initializers.Keys, .. graph.Nodes.SelectMany(node => node.Outputs),
        ];

        private readonly HashSet<string> _nodes = [.. graph.Nodes.Select(node => node.Name)];

        public int Opset => graph.Opset;

        public ImmutableDictionary<string, Tensor>.Builder Initializers { get; } = graph.Initializers.ToBuilder();

        public string Fresh(string name) => Fresh(_names, name);

        public string FreshNode(string name) => Fresh(_nodes, name);

        public string Store(string name, Tensor value)
        {
            name = Fresh(name);
            Initializers[name] = value.DetachFromDisposeScope();
            return name;
        }

        /// <summary>Adds the nodes of a graph inside a node, under names that are free, with its outputs under those given.</summary>
        public void Splice(List<Node> nodes, Node node, Subgraph inner, string[] handed, string[] outputs, string prefix = "")
        {
            Dictionary<string, string> names = new() { [""] = "" };
            foreach (var (inside, outside) in inner.HandedNames.Zip(handed))
            {
                names[inside] = outside;
            }

            foreach (var (inside, i) in inner.CapturedNames.Select((name, i) => (name, i)))
            {
                names[inside] = node.Inputs[inner.CapturedAt + i];
            }

            // The node that computes an output may name it as it is named outside.
            List<(string Inside, string Outside)> copies = [];
            foreach (var (inside, outside) in inner.Graph.Outputs.Select(output => output.Name).Zip(outputs))
            {
                if (outside.Length > 0 && !names.TryAdd(inside, outside))
                {
                    copies.Add((inside, outside));
                }
            }

            foreach (var inside in inner.Graph.Nodes)
            {
                foreach (var output in inside.Outputs.Where(output => !names.ContainsKey(output)))
                {
                    names[output] = Fresh(inside.Name.Length > 0 && prefix.Length == 0 ? output : $"{node.Name}.{prefix}{output}");
                }

                nodes.Add(inside with
                {
                    Name = FreshNode(prefix.Length == 0 ? inside.Name : $"{inside.Name}.{prefix.TrimEnd('.')}"),
                    Inputs = [.. inside.Inputs.Select(name => names[name])],
                    Outputs = [.. inside.Outputs.Select(name => names[name])],
                });
            }

            nodes.AddRange(copies.Select(copy => Identity(this, names[copy.Inside], copy.Outside)));
        }

        private static string Fresh(HashSet<string> taken, string name)
        {
            var fresh = name;
            for (var i = 2; !taken.Add(fresh); i++)
            {
                fresh = $"{name}_{i}";
            }

            return fresh;
        }
    }
}
