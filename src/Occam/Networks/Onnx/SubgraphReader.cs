using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Onnx;

/// <summary>
/// Reads the graphs inside nodes. What they store becomes the model's own, so that it counts among its parameters, and what they use of
/// the graphs around them, at any depth, becomes inputs of their nodes.
/// </summary>
internal sealed class SubgraphReader
{
    private readonly TensorReader _tensors;
    private readonly ScalarType _floatType;
    private readonly int _opset;
    private readonly HashSet<string> _taken;

    /// <summary>Begins with a model.</summary>
    /// <param name="graph">The model's graph.</param>
    /// <param name="tensors">Reads its tensors.</param>
    /// <param name="floatType">The type of its floating-point tensors.</param>
    /// <param name="opset">Its operator set.</param>
    public SubgraphReader(GraphProto graph, TensorReader tensors, ScalarType floatType, int opset)
    {
        (_tensors, _floatType, _opset) = (tensors, floatType, opset);
        _taken = [.. graph.Initializer.Select(tensor => tensor.Name), .. Names(graph)];
    }

    /// <summary>The tensors that the graphs store, by names that the model doesn't have yet.</summary>
    public Dictionary<string, Tensor> Stored { get; } = [];

    /// <summary>A node with the graphs among its attributes read, and what they capture among its inputs.</summary>
    /// <param name="node">The node, without those attributes.</param>
    /// <param name="proto">The node as it stands in the file.</param>
    public Node Complete(Node node, NodeProto proto)
    {
        foreach (var attribute in proto.Attribute.Where(AttributeReader.IsGraph))
        {
            var owner = $"attribute '{ModelNames.Checked(attribute.Name)}' of {node}";
            var (graph, handed, captured) = Read(attribute.G, owner);
            var byExample = _opset == OlderScan.Version && node.OperatorType == "Scan";
            node = byExample ? OlderScan.WithoutLengths(node) : node;

            // A loop may leave inputs out at its end; what is captured comes after all that it could have.
            var missing = Math.Max(0, (node.OperatorType == "Loop" ? handed : 0) - node.Inputs.Length);
            var inputs = node.Inputs.AddRange(Enumerable.Repeat("", missing));
            CheckHanded(node, handed, inputs.Length);
            var attributes = node.Attributes.All.SetItem(
                ModelNames.Checked(attribute.Name), new Subgraph(graph, handed, inputs.Length));
            node = node with { Inputs = inputs.AddRange(captured), Attributes = new Attributes(attributes) };
            node = byExample ? OlderScan.ByExample(node, graph, handed) : node;
        }

        return node;
    }

    private static IEnumerable<string> Names(GraphProto graph) => graph.Input.Select(input => input.Name)
        .Concat(graph.Node.SelectMany(node => node.Output))
        .Concat(graph.Node.SelectMany(node => node.Attribute).Where(AttributeReader.IsGraph).SelectMany(attribute => Names(attribute.G)));

    private static void CheckHanded(Node node, int handed, int inputs)
    {
        if (node.OperatorType is "Loop" or "Scan" && (handed != inputs || (node.OperatorType == "Loop" && handed < 2)))
        {
            throw new OccamException($"{node} has {inputs} inputs, and its graph {handed}: expected the same number");
        }
    }

    private (Graph Graph, int Handed, ImmutableArray<string> Captured) Read(GraphProto proto, string owner)
    {
        if (_opset < OlderScan.Version && proto.Input.Count > 0)
        {
            throw new OccamException($"{owner} is a graph of operator set {_opset}: Occam runs loops from {OlderScan.Version} on");
        }

        var stored = new Dictionary<string, string>();
        foreach (var tensor in proto.Initializer)
        {
            var name = ModelNames.Checked(tensor.Name);
            if (!stored.TryAdd(name, Own(name)))
            {
                throw new OccamException($"{owner} has two initializers '{name}'");
            }

            Stored[stored[name]] = _tensors.Read(tensor, $"initializer '{name}' of {owner}");
            tensor.ClearRawData();
        }

        var inputs = proto.Input.Where(input => !stored.ContainsKey(input.Name)).Select(Value).ToImmutableArray();
        var outputs = proto.Output.Select(Value).ToImmutableArray();
        if (outputs.IsEmpty || inputs.Concat(outputs).Any(value => value.Name.Length == 0)
            || inputs.DistinctBy(input => input.Name).Count() < inputs.Length)
        {
            throw new OccamException($"{owner} is a graph without outputs, or with values without names or with the same");
        }

        // A Constant node stores what it holds as an initializer does: once, however often the graph runs.
        List<Node> nodes = [];
        foreach (var node in OnnxReader.ReadNodes(proto, _tensors, this))
        {
            if (StoredTensors.Held(node) is { } tensor && stored.TryAdd(node.Output, Own(node.Output)))
            {
                Stored[stored[node.Output]] = tensor;
            }
            else
            {
                nodes.Add(node);
            }
        }

        var known = inputs.Select(input => input.Name).Concat(nodes.SelectMany(node => node.Outputs)).ToHashSet();
        ImmutableArray<string> captured =
        [
            .. nodes.SelectMany(node => node.Inputs).Concat(outputs.Select(output => output.Name))
                .Where(name => name.Length > 0 && !known.Contains(name)).Distinct(),
        ];
        var all = inputs.AddRange(captured.Select(name => new ValueInfo(name, _floatType, default)));
        var graph = new Graph
        {
            Name = ModelNames.Checked(proto.Name),
            Opset = _opset,
            Input = all.FirstOrDefault() ?? Graph.NoInput,
            Held = all.Length > 1 ? all[1..] : [],
            Outputs = outputs,
            Nodes = TopologicalOrder.Sort(nodes, all.Select(input => input.Name).ToHashSet()),
            Initializers = ImmutableDictionary<string, Tensor>.Empty,
        };
        return (graph, inputs.Length, [.. captured.Select(name => stored.GetValueOrDefault(name, name))]);
    }

    // A name that the model doesn't have yet.
    private string Own(string name)
    {
        var own = name;
        for (var i = 2; !_taken.Add(own); i++)
        {
            own = $"{name}_{i}";
        }

        return own;
    }

    // A state may be empty before the first round, which its declared shape then says.
    private ValueInfo Value(ValueInfoProto proto)
    {
        var tensor = proto.Type?.TensorType;
        var elementType = tensor?.ElemType ?? 0;
        var type = ElementTypes.Stored(elementType) is { } stored && !ElementTypes.IsFloatingPoint(elementType) ? stored : _floatType;
        ImmutableArray<long?> shape = tensor?.Shape is { } sizes && sizes.Dim.All(size => !size.HasDimValue || size.DimValue >= 0)
            ? [.. sizes.Dim.Select(size => size.HasDimValue ? size.DimValue : (long?)null)]
            : default;
        return new ValueInfo(ModelNames.Checked(proto.Name), type, shape) { ElementType = elementType };
    }
}
