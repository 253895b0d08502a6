using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>A network's graph while it is being rewritten: nodes by their place in it.</summary>
internal sealed class GraphDraft
{
    private readonly Network _network;
    private readonly Node?[] _nodes;
    private readonly Dictionary<string, int> _producers = [];
    private readonly Dictionary<string, List<int>> _consumers = [];
    private readonly Dictionary<string, Tensor> _initializers;
    private readonly HashSet<string> _outputs;

    public GraphDraft(Network network)
    {
        _network = network;
        _nodes = new Node?[network.Graph.Nodes.Length];
        _initializers = new Dictionary<string, Tensor>(network.Graph.Initializers);
        _outputs = [.. network.Graph.Outputs.Select(output => output.Name), network.Output];
        for (var place = 0; place < _nodes.Length; place++)
        {
            Replace(place, network.Graph.Nodes[place]);
        }
    }

    public int Places => _nodes.Length;

    public Node? this[int place] => _nodes[place];

    public int? Producer(string value) => _producers.TryGetValue(value, out var place) ? place : null;

    /// <summary>The places of the nodes that take a value, each once.</summary>
    public IReadOnlyList<int> Consumers(string value) => _consumers.GetValueOrDefault(value) ?? [];

    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>The value of a constant, or null for what changes with the input.</summary>
    public Tensor? Constant(string name) => _initializers.GetValueOrDefault(name) ?? _network.Constant(name);

    /// <summary>How many dimensions a value of the original network has, or null where the input's shape isn't known.</summary>
    public int? Rank(string value)
    {
        if (ZeroExamples.Shape(_network) is not { } shape)
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var input = ZeroExamples.Of(_network, _network.Graph.Input.Batch ?? 1, shape);
        return _network.Run(input, [value])[value].Dimensions;
    }

    public void Replace(int place, Node? node)
    {
        if (_nodes[place] is { } old)
        {
            old.Outputs.ToList().ForEach(name => _producers.Remove(name));
            old.Inputs.Distinct().ToList().ForEach(name => _consumers[name].Remove(place));
        }

        _nodes[place] = node;
        foreach (var name in node?.Outputs.Where(name => name.Length > 0) ?? [])
        {
            _producers[name] = place;
        }

        foreach (var name in node?.Inputs.Distinct() ?? [])
        {
            (_consumers.TryGetValue(name, out var places) ? places : _consumers[name] = []).Add(place);
        }
    }

    /// <summary>
    /// Stores what a node takes instead of a stored tensor: under the tensor's own name when the node alone
    /// uses it, so that parameters keep their names, and under a new one when others need it as it was.
    /// </summary>
    public string Store(int place, int input, string fallback, Tensor value)
    {
        var node = _nodes[place]!;
        var old = node.HasInput(input) ? node.Inputs[input] : "";
        var name = _initializers.ContainsKey(old)
            && Consumers(old) is [_]
            && node.Inputs.Count(other => other == old) == 1
            && !IsOutput(old) ? old : Fresh(fallback);
        _initializers[name] = value.To(_network.Type).Contiguous().Alias().DetachFromDisposeScope();
        return name;
    }

    public Network ToNetwork()
    {
        ImmutableArray<Node> nodes = [.. _nodes.OfType<Node>()];
        var graph = _network.Graph with { Nodes = nodes, Initializers = _initializers.ToImmutableDictionary() };
        return new Network(KeepNeeded.Apply(graph, _outputs), _network.Output);
    }

    private string Fresh(string name)
    {
        var fresh = name;
        for (var i = 2; _initializers.ContainsKey(fresh)
            || _producers.ContainsKey(fresh)
            || _network.Graph.Producers.ContainsKey(fresh)
            || fresh == _network.Graph.Input.Name; i++)
        {
            fresh = $"{name}_{i}";
        }

        return fresh;
    }
}
