using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Makes the function in real numbers of a quantized network, for measuring: rounding has no derivative but zero, which would be a
/// silent one. Operators on quantized numbers give way to those on the real numbers that these stand for; rounding is left out, and a
/// number is limited to the range of what it was rounded to; stored whole numbers become the real ones that they stand for.
/// </summary>
internal sealed class Dequantization
{
    private readonly Graph _graph;
    private readonly Network _network;
    private readonly HashSet<string> _names;
    private readonly ImmutableDictionary<string, Tensor>.Builder _stored;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, string> _renamed = [];

    // Of whole numbers, by name: the real ones that they stand for, with what they stand for them by.
    private readonly Dictionary<string, (string Real, string Scale, string Zero)> _real = [];

    // Of sums of products of whole numbers, by name: the node, and the name of the scale of its data.
    private readonly Dictionary<string, (Node Product, string Scale)> _sums = [];
    private readonly HashSet<string> _limited = [];
    private int _products;

    private Dequantization(Graph graph)
    {
        _names =
        [
            .. graph.Inputs.Select(input => input.Name), .. graph.Initializers.Keys,
            .. graph.Nodes.SelectMany(node => node.Outputs), .. graph.Nodes.Select(node => node.Name),
        ];
        _graph = graph with { Nodes = [.. graph.Nodes.SelectMany(Parts)] };
        _network = new Network(_graph);
        _stored = graph.Initializers.ToBuilder();
    }

    /// <summary>Rewrites a graph.</summary>
    /// <returns>The graph, and what was done; null where nothing was left out.</returns>
    public static (Graph Graph, string? Note) Apply(Graph graph)
    {
        if (!graph.Nodes.Any(node => node.OperatorType is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear"
            || Rounding(node) is not null || OperatorCatalogue.For(node).InRealNumbers(node, name => name) is not null))
        {
            return (graph, null);
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var rewrite = new Dequantization(graph);
        foreach (var node in rewrite._graph.Nodes)
        {
            rewrite.Add(node with { Inputs = [.. node.Inputs.Select(name => rewrite._renamed.GetValueOrDefault(name, name))] });
        }

        return rewrite.Finish();
    }

    private (Graph Graph, string? Note) Finish()
    {
        var needed = KeepNeeded.Apply(
            _graph with { Nodes = [.. _nodes], Initializers = _stored.ToImmutable() }, _graph.Outputs.Select(output => output.Name));
        var (nodes, stored, weights) = (needed.Nodes, needed.Initializers, 0);
        var network = new Network(needed);
        foreach (var node in needed.Nodes.Where(node => node.OperatorType == "DequantizeLinear"))
        {
            if (network.Constant(node.Output) is { } value)
            {
                stored = stored.SetItem(node.Output, value.Clone().DetachFromDisposeScope());
                nodes = nodes.Remove(node);
                weights++;
            }
        }

        var graph = KeepNeeded.Apply(needed with { Nodes = nodes, Initializers = stored }, needed.Outputs.Select(output => output.Name));
        var left = graph.Nodes.Count(node => node.OperatorType is "QuantizeLinear" or "DynamicQuantizeLinear");
        var (many, stands) = (_limited.Count != 1, weights + _products);
        var note = $"measured as the dequantized function: {Counted.Of(_limited.Count, "quantization")} of activations "
            + $"{(many ? "are the identity on their range, without their" : "is the identity on its range, without its")} rounding"
            + (stands == 0 ? ""
                : $"; {Counted.Of(stands, "stored tensor")} {(stands == 1 ? "is" : "are")} the real numbers that whole ones stand for");
        return (graph, left > 0
            ? $"{note}; {Counted.Of(left, "quantization")} {(left == 1 ? "stays" : "stay")}, through which no derivative passes"
            : _limited.Count > 0 ? note
            : null);
    }

    private IEnumerable<Node> Parts(Node node) =>
        OperatorCatalogue.For(node).InRealNumbers(node, Fresh) ?? [node];

    private void Add(Node node)
    {
        switch (node.OperatorType)
        {
            case "QuantizeLinear" when Limits(node) is var (least, greatest):
                _nodes.Add(node);
                var real = Fresh($"{node.Output}.real");
                _real[node.Output] = (real, node.Inputs[1], ZeroOf(node));
                ImmutableArray<string> limited = [node.Inputs[0], Store($"{real}.least", least), Store($"{real}.greatest", greatest)];
                _nodes.Add(new Node(Fresh($"{node.Name}.limits"), "Clip", "", limited, [real], Attributes.None));
                break;
            case "Cast" when Rounding(node) is { Largest: var largest } && _graph.Varying.Contains(node.Inputs[0]):
                _nodes.Add(new Node(
                    node.Name, "Clip", "",
                    [node.Inputs[0], Store($"{node.Output}.least", -largest), Store($"{node.Output}.greatest", largest)], node.Outputs,
                    Attributes.None));
                _limited.Add(node.Output);
                break;
            case "DynamicQuantizeLinear" when node.Outputs.Length == 3:
                _nodes.Add(node);
                _real[node.Output] = (node.Inputs[0], node.Outputs[1], node.Outputs[2]);
                break;
            case "DequantizeLinear" when _real.TryGetValue(node.Inputs[0], out var from) && Same(from.Scale, node.Inputs[1])
                && Same(from.Zero, ZeroOf(node)):
                Rename(node, from.Real);
                break;
            case "DequantizeLinear" when LookUp(node) is { } lookUp:
                _nodes.Add(lookUp);
                break;
            case "MatMulInteger" or "ConvInteger" when _real.TryGetValue(node.Inputs[0], out var from)
                && Same(from.Zero, node.HasInput(2) ? node.Inputs[2] : ""):
                _nodes.Add(node);
                _sums[node.Output] = (node with { Inputs = node.Inputs.SetItem(0, from.Real) }, from.Scale);
                break;
            case "Cast" when _sums.TryGetValue(node.Inputs[0], out var sum):
                _nodes.Add(node);
                _sums[node.Output] = sum;
                break;
            case "Mul" when ScaledSum(node) is { } product:
                _nodes.Add(product);
                break;
            default:
                _nodes.Add(node);
                AddMoved(node);
                break;
        }
    }

    // Of a cast to floating-point numbers of 4 or 8 bits: how it rounds.
    private static SmallFloat? Rounding(Node node) =>
        node.OperatorType == "Cast" ? SmallFloat.Of(node.Attributes.Int("to", 0)) : null;

    // Rows of a stored table of whole numbers, made real: rows of the real table.
    private Node? LookUp(Node node)
    {
        if (!_graph.Producers.TryGetValue(node.Inputs[0], out var gather) || gather.OperatorType != "Gather"
            || _network.Constant(gather.Inputs[0]) is not { } table || _network.Constant(node.Inputs[1]) is not { Elements: 1 } scale
            || (node.HasInput(2) && _network.Constant(node.Inputs[2]) is not { Elements: 1 }))
        {
            return null;
        }

        var zero = node.HasInput(2) ? _network.Constant(node.Inputs[2])!.Reshape() : null;
        var real = Fresh($"{gather.Inputs[0]}.real");
        _stored[real] = (Whole(table, zero).To(_network.Type).To(_network.Device) * scale.Reshape())
            .DetachFromDisposeScope();
        _products++;
        var indices = _renamed.GetValueOrDefault(gather.Inputs[1], gather.Inputs[1]);
        return new Node(node.Name, "Gather", "", [real, indices], node.Outputs, gather.Attributes);
    }

    // What only moves whole numbers moves the real ones; the greatest of them stands for the greatest.
    private void AddMoved(Node node)
    {
        var moves = node.OperatorType is "MaxPool" or "GlobalMaxPool"
            || (_network.Operators.TryGetValue(Original(node), out var op) && op.Linearity == Linearity.Structural && op.ReadsValues
                && node.OperatorType is not ("Trilu" or "Cast" or "CastLike"));
        if (!moves || !_real.TryGetValue(node.Inputs[0], out var first)
            || (node.OperatorType == "Concat" && !node.Inputs.All(input => _real.TryGetValue(input, out var other)
                && Same(first.Scale, other.Scale) && Same(first.Zero, other.Zero))))
        {
            return;
        }

        ImmutableArray<string> outputs = [.. node.Outputs.Select(output => output.Length > 0 ? Fresh($"{output}.real") : "")];
        foreach (var (whole, real) in node.Outputs.Zip(outputs).Where(pair => pair.First.Length > 0))
        {
            _real[whole] = first with { Real = real };
        }

        _nodes.Add(node with
        {
            Name = Fresh($"{node.Name}.real"),
            Inputs = [.. node.Inputs.Select(input => _real.TryGetValue(input, out var other) ? other.Real : input)],
            Outputs = outputs,
        });
    }

    private Node Original(Node node) => _graph.Producers[node.Outputs.First(output => output.Length > 0)];

    private void Rename(Node node, string real)
    {
        _limited.Add(real);
        if (_graph.Outputs.Any(output => output.Name == node.Output))
        {
            _nodes.Add(new Node(node.Name, "Identity", "", [real], [node.Output], Attributes.None));
        }
        else
        {
            _renamed[node.Output] = real;
        }
    }

    // Sums of products of whole numbers, times the scales of both factors: the product of the real numbers.
    private Node? ScaledSum(Node node)
    {
        var at = node.Inputs.IndexOf(node.Inputs.FirstOrDefault(_sums.ContainsKey) ?? "");
        if (at < 0 || node.Inputs.Length != 2 || WeightScale(node.Inputs[1 - at], _sums[node.Inputs[at]].Scale) is not { } scale)
        {
            return null;
        }

        var product = _sums[node.Inputs[at]].Product;
        if (_network.Constant(product.Inputs[1]) is not { } weight)
        {
            return null;
        }

        var isConvolution = product.OperatorType == "ConvInteger";
        Tensor Spread(Tensor parameter) => parameter.Elements == 1 ? parameter.Reshape()
            : isConvolution ? parameter.Reshape([-1, .. Enumerable.Repeat(1L, weight.Dimensions - 1)])
            : parameter;
        var zero = product.HasInput(3) ? _network.Constant(product.Inputs[3]) : null;
        var whole = Whole(weight, zero is null ? null : Spread(zero)).To(_network.Type).To(_network.Device);
        var real = Fresh($"{product.Inputs[1]}.real");
        _stored[real] = (whole * Spread(scale)).DetachFromDisposeScope();
        _limited.Add(product.Inputs[0]);
        _products++;
        return new Node(
            node.Name, isConvolution ? "Conv" : "MatMul", "", [product.Inputs[0], real], node.Outputs, product.Attributes);
    }

    // The scale of the weights, of what both scales are multiplied to.
    private Tensor? WeightScale(string scales, string data)
    {
        if (_graph.Producers.TryGetValue(scales, out var product) && product.OperatorType == "Mul" && product.Inputs.Contains(data))
        {
            return _network.Constant(product.Inputs[product.Inputs[0] == data ? 1 : 0]);
        }

        return _network.Constant(scales) is { } both && _network.Constant(data) is { Elements: 1 } own ? both / own.Reshape() : null;
    }

    // The range in real numbers of what a node rounds to, where it has a single scale.
    private (double Least, double Greatest)? Limits(Node node)
    {
        var zero = node.HasInput(2) ? _network.Constant(node.Inputs[2]) : null;
        if (!_graph.Varying.Contains(node.Inputs[0]) || _network.Constant(node.Inputs[1]) is not { Elements: 1 } scale
            || (node.HasInput(2) && zero is not { Elements: 1 }) || scale.Item() <= 0)
        {
            return null;
        }

        // What the largest numbers of both signs are rounded to.
        var far = Tensor.FromArray([-1e30, 1e30], 2).To(_network.Type).To(_network.Device);
        var ends = OperatorCatalogue.For(node).Run(_network.Call(node, [far, scale, zero], RunOptions.Evaluation))[0].ToArray<double>();
        var from = zero?.Item() ?? 0;
        return ((ends[0] - from) * scale.Item(), (ends[1] - from) * scale.Item());
    }

    private static Tensor Whole(Tensor numbers, Tensor? zero) =>
        zero is null ? numbers.To(ScalarType.Int64) : numbers.To(ScalarType.Int64) - zero.To(ScalarType.Int64);

    private static string ZeroOf(Node node) => node.HasInput(2) ? node.Inputs[2] : "";

    private bool Same(string left, string right)
    {
        double[]? Numbers(string name) => name.Length == 0 ? [0] : _network.Constant(name)?.ToArray<double>();
        return left == right || (Numbers(left) is { } one && Numbers(right) is { } other && one.AsSpan().SequenceEqual(other));
    }

    private string Store(string name, double value)
    {
        name = Fresh(name);
        _stored[name] = Tensor.Full([], value, _network.Type, _network.Device).DetachFromDisposeScope();
        return name;
    }

    private string Fresh(string name)
    {
        var fresh = name;
        for (var i = 2; !_names.Add(fresh); i++)
        {
            fresh = $"{name}_{i}";
        }

        return fresh;
    }
}
