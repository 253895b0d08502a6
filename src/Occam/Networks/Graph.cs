using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// A network as an ONNX graph: an immutable value. Rewriting one gives a new one; the stored tensors are
/// shared between them and never written to.
/// </summary>
public sealed record Graph
{
    /// <summary>Makes a graph of the parts that its initializer gives.</summary>
    public Graph()
    {
    }

    // For `with`: what is found out about a graph holds for its own nodes only, and isn't copied.
    [SetsRequiredMembers]
    private Graph(Graph other)
    {
        Name = other.Name;
        Opset = other.Opset;
        FileOpset = other.FileOpset;
        Input = other.Input;
        Held = other.Held;
        Outputs = other.Outputs;
        Nodes = other.Nodes;
        Initializers = other.Initializers;
        Filled = other.Filled;
    }

    /// <summary>The graph's name.</summary>
    public string Name { get; init; } = "network";

    /// <summary>The version of ONNX's operator set that the nodes are meant in.</summary>
    public required int Opset { get; init; }

    /// <summary>The version that the file was written in, where its nodes were brought to <see cref="Opset"/>.</summary>
    public int? FileOpset { get; init; }

    /// <summary>The input that the network is a function of.</summary>
    public required ValueInfo Input { get; init; }

    /// <summary>
    /// The other inputs (masks, types, token ids that an embedding was cut off from), which are held fixed at each example's own.
    /// </summary>
    public ImmutableArray<ValueInfo> Held { get; init; } = [];

    /// <summary>The outputs' names, the first being the one that counts unless another is chosen.</summary>
    public required ImmutableArray<ValueInfo> Outputs { get; init; }

    /// <summary>The operations, each after those it takes its inputs from.</summary>
    public required ImmutableArray<Node> Nodes { get; init; }

    /// <summary>The stored tensors by name: parameters, running statistics, constants.</summary>
    public required ImmutableDictionary<string, Tensor> Initializers { get; init; }

    /// <summary>The stored tensors of which the file holds a shape and one number only.</summary>
    internal ImmutableHashSet<string> Filled { get; init; } = [];

    /// <summary>How many numbers the stored tensors hold, without those that the file fills.</summary>
    internal long StoredNumbers => field > 0 ? field
        : field = Initializers.Where(pair => !Filled.Contains(pair.Key)).Sum(pair => pair.Value.Elements);

    /// <summary>The node that computes each value.</summary>
    public ImmutableDictionary<string, Node> Producers =>
        field ??= Nodes
            .SelectMany(node => node.Outputs.Where(name => name.Length > 0).Select(name => KeyValuePair.Create(name, node)))
            .ToImmutableDictionary();

    /// <summary>The nodes that take each value.</summary>
    public ILookup<string, Node> Consumers =>
        field ??= Nodes
            .SelectMany(node => node.Inputs.Where(name => name.Length > 0).Distinct().Select(name => (name, node)))
            .ToLookup(pair => pair.name, pair => pair.node);

    /// <summary>What stands for the input of a graph that has none.</summary>
    internal static ValueInfo NoInput { get; } = new("", ScalarType.Float32, default);

    /// <summary>All inputs: the one that the network is a function of, and the others.</summary>
    public IEnumerable<ValueInfo> Inputs => Input.Name.Length == 0 ? Held : Held.Prepend(Input);

    /// <summary>Whether a value is one of the inputs.</summary>
    internal bool IsInput(string name) => name == Input.Name || Held.Any(held => held.Name == name);

    /// <summary>Whether the graph has a value of that name: an input, a stored tensor, or what a node computes.</summary>
    public bool Has(string name) => IsInput(name) || Initializers.ContainsKey(name) || Producers.ContainsKey(name);

    /// <summary>A name that no value has: the given one, or with as many underscores behind it as it takes.</summary>
    internal string Unused(string name)
    {
        while (Has(name))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>The values that change with an input: everything else is a constant of the network.</summary>
    public ImmutableHashSet<string> Varying => field ??= FindVarying();

    private ImmutableHashSet<string> FindVarying()
    {
        var varying = ImmutableHashSet.CreateBuilder<string>();
        varying.UnionWith(Inputs.Select(input => input.Name));
        foreach (var node in Nodes)
        {
            if (node.Inputs.Any(varying.Contains))
            {
                varying.UnionWith(node.Outputs.Where(name => name.Length > 0));
            }
        }

        return varying.ToImmutable();
    }
}
