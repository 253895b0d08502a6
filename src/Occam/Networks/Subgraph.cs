using System.Collections.Concurrent;
using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// A graph inside a node: a branch, or the body of a loop. Its inputs are those that the node hands over, then the values of the graph
/// around it that it uses by name. Those stand among the node's own inputs, so that what a node depends on is what it takes in. It
/// stores no tensors: what it needs is captured.
/// </summary>
public sealed class Subgraph
{
    private readonly ConcurrentDictionary<(ScalarType Type, Device Device), Network> _networks = new();
    private readonly ImmutableArray<string> _names;
    private readonly ImmutableArray<string> _outputs;

    /// <summary>Makes a subgraph.</summary>
    /// <param name="graph">The graph; its inputs, in order, are those handed over and those captured.</param>
    /// <param name="handed">How many inputs the node hands over.</param>
    /// <param name="capturedAt">The index of the node's input that is the first captured value.</param>
    public Subgraph(Graph graph, int handed, int capturedAt)
    {
        Graph = graph;
        Handed = handed;
        CapturedAt = capturedAt;
        _names = [.. graph.Inputs.Select(input => input.Name)];
        _outputs = [.. graph.Outputs.Select(output => output.Name)];
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Whether it is known, of the body of a loop, that it runs once at least.</summary>
    internal bool Runs { get; init; }

    /// <summary>How many inputs the node hands over.</summary>
    internal int Handed { get; }

    /// <summary>The index of the node's input that is the first captured value.</summary>
    internal int CapturedAt { get; }

    /// <summary>The names inside of the inputs that the node hands over.</summary>
    internal IEnumerable<string> HandedNames => _names.Take(Handed);

    /// <summary>The names inside of the captured values.</summary>
    internal IEnumerable<string> CapturedNames => _names.Skip(Handed);

    /// <summary>All subgraphs of a node.</summary>
    public static IEnumerable<Subgraph> Of(Node node) => node.Attributes.All.Values.OfType<Subgraph>();

    /// <summary>The graph as a network that computes in a type and on a device.</summary>
    /// <exception cref="OccamException">It has an unknown operator.</exception>
    public Network In(ScalarType type, Device device) =>
        _networks.GetOrAdd((type, device), key => new Network(Graph, Graph.Outputs[0].Name, key.Type, key.Device));

    /// <summary>Whether the node's input of that index is a captured value that an operator inside trains.</summary>
    public bool Trains(int input)
    {
        if (input < CapturedAt || NameOf(input) is not { } name)
        {
            return false;
        }

        var network = In(ScalarType.Float32, Device.Cpu);
        return Graph.Nodes.Any(node =>
            node.Inputs.Index().Any(pair => pair.Item == name && network.Operators[node].Trains(node, pair.Index)));
    }

    /// <summary>Which outputs a derivative by some of the inputs, named inside, reaches.</summary>
    public IEnumerable<int> Reached(IEnumerable<string> inputs)
    {
        var reached = In(ScalarType.Float32, Device.Cpu).DifferentiableFrom(inputs);
        return _outputs.Index().Where(pair => reached.Contains(pair.Item)).Select(pair => pair.Index);
    }

    /// <summary>The names inside of the node's input of that index, where the node hands over from an index on.</summary>
    /// <param name="input">The index.</param>
    /// <param name="handedAt">The index of the first input that is handed over.</param>
    public string? NameOf(int input, int handedAt = 0) =>
        input >= CapturedAt ? (input - CapturedAt < _names.Length - Handed ? _names[Handed + input - CapturedAt] : null)
        : input >= handedAt && input - handedAt < Handed ? _names[input - handedAt]
        : null;

    /// <summary>The same with other nodes.</summary>
    internal Subgraph WithNodes(ImmutableArray<Node> nodes) => new(Graph with { Nodes = nodes }, Handed, CapturedAt) { Runs = Runs };

    /// <summary>The body of a loop of which it is known that it runs once at least.</summary>
    internal Subgraph Running() => new(Graph, Handed, CapturedAt) { Runs = true };

    /// <summary>A node whose graphs declare another type of floating-point numbers.</summary>
    internal static Node Declared(Node node, ScalarType type)
    {
        var attributes = node.Attributes.All;
        foreach (var (name, value) in attributes)
        {
            if (value is Subgraph subgraph)
            {
                attributes = attributes.SetItem(name, subgraph.Declaring(type));
            }
        }

        return attributes == node.Attributes.All ? node : node with { Attributes = new Attributes(attributes) };
    }

    private Subgraph Declaring(ScalarType type) => new(
        Graph with
        {
            Input = Graph.Input.Declaring(type),
            Held = [.. Graph.Held.Select(value => value.Declaring(type))],
            Outputs = [.. Graph.Outputs.Select(value => value.Declaring(type))],
            Nodes = [.. Graph.Nodes.Select(node => Declared(node, type))],
        },
        Handed, CapturedAt)
        {
            Runs = Runs,
        };

    /// <summary>Computes the outputs.</summary>
    /// <param name="call">The node that the graph belongs to.</param>
    /// <param name="handed">What it hands over.</param>
    internal Tensor[] Run(in NodeCall call, params ReadOnlySpan<Tensor> handed)
    {
        var given = new Dictionary<string, Tensor>(_names.Length);
        for (var i = 0; i < _names.Length; i++)
        {
            given[_names[i]] = i < Handed ? handed[i] : call[CapturedAt + i - Handed];
        }

        var options = new RunOptions
        {
            Training = call.Training,
            Generator = call.Generator,
            DropoutAfterForward = call.DropoutAfterForward,
        };
        var values = In(call.FloatType, call.Device).Run(given, [.. _outputs.Distinct()], options);

        // Each with a handle of its own: an output may be an input, or another output.
        return [.. _outputs.Select(name => values[name].Alias())];
    }
}
