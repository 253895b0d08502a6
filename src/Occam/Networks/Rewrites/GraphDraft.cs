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
    private readonly Lazy<IReadOnlyDictionary<string, int>> _ranks;

    public GraphDraft(Network network)
    {
        _network = network;
        _nodes = new Node?[network.Graph.Nodes.Length];
        _initializers = new Dictionary<string, Tensor>(network.Graph.Initializers);
        _outputs = [.. network.Graph.Outputs.Select(output => output.Name), network.Output];
        _ranks = new Lazy<IReadOnlyDictionary<string, int>>(FindRanks);
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
        return ZeroExamples.Hold(_network, input.Size(0)).Run(input, [value])[value].Dimensions;
    }

    /// <summary>The operator set.</summary>
    public int Opset => _network.Graph.Opset;

    /// <summary>The type that the network computes in.</summary>
    public ScalarType Type => _network.Type;

    /// <summary>
    /// A constant of one number without more dimensions than what it meets has, in the type of another value or not; null for any
    /// other value.
    /// </summary>
    public double? Number(string name)
    {
        var source = Producer(name) is { } place && _nodes[place] is { OperatorType: "CastLike" } cast ? cast.Inputs[0] : name;
        return Constant(source) is { Elements: 1, Dimensions: <= 1 } constant && constant.ScalarType != ScalarType.Bool
            ? constant.Item()
            : null;
    }

    /// <summary>Whether a value goes into one node alone, and isn't an output.</summary>
    public bool IsUsedOnce(string value) => Consumers(value).Count == 1 && !IsOutput(value);

    /// <summary>
    /// How many dimensions a value has on an example of zeros, all values being computed at once; null where the
    /// network can't be run on one.
    /// </summary>
    public int? KnownRank(string value) => _ranks.Value.TryGetValue(value, out var rank) ? rank : null;

    /// <summary>Whether a node gives its input as it is: an identity, or a cast to a floating-point type.</summary>
    public static bool IsRename(Node node) =>
        node.HasInput(0) && (node.OperatorType == "Identity"
            || (node.OperatorType == "Cast" && node.Attributes.Int("to", 0) is 1 or 10 or 11 or 16));

    /// <summary>The value that a value renames, and the places of the nodes that do.</summary>
    public (string Value, IReadOnlyList<int> Places) ThroughRenames(string value)
    {
        List<int> places = [];
        while (Producer(value) is { } place && IsRename(_nodes[place]!))
        {
            places.Add(place);
            value = _nodes[place]!.Inputs[0];
        }

        return (value, places);
    }

    /// <summary>Stores a number under a new name.</summary>
    public string Add(string name, double number)
    {
        var fresh = Fresh(name);
        _initializers[fresh] = Tensor.Full([], number, _network.Type, _network.Device).DetachFromDisposeScope();
        return fresh;
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
        return _network.WithGraph(KeepNeeded.Apply(graph, _outputs));
    }

    // Sizes that are left open are 1, which fits whatever else is open.
    private IReadOnlyDictionary<string, int> FindRanks()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var graph = _network.Graph;
        try
        {
            var given = graph.Held.Prepend(graph.Input).ToDictionary(value => value.Name, value => value.Shape.IsDefault
                ? throw new OccamException($"the shape of '{value.Name}' isn't known")
                : ZeroExamples.Like(value, _network));
            return _network.Run(given, [.. graph.Varying]).ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Dimensions);
        }
        catch (OccamException)
        {
            return ImmutableDictionary<string, int>.Empty;
        }
    }

    private string Fresh(string name)
    {
        var fresh = name;
        for (var i = 2; _initializers.ContainsKey(fresh)
            || _producers.ContainsKey(fresh)
            || _network.Graph.Producers.ContainsKey(fresh)
            || _network.Graph.IsInput(fresh); i++)
        {
            fresh = $"{name}_{i}";
        }

        return fresh;
    }
}
