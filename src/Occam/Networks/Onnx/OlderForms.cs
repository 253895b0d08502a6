using System.Collections.Immutable;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// Nodes of the operator sets before 11 in the form that version 11 gives them, computing the same: what stood in attributes
/// stands in inputs, operators that were replaced give way to their successors, and operands that an axis aligned are aligned.
/// </summary>
internal sealed class OlderForms
{
    /// <summary>The operator set whose forms the nodes get.</summary>
    public const int Version = 11;

    private readonly int _opset;
    private readonly ScalarType _floatType;
    private readonly ImmutableDictionary<string, Tensor>.Builder _initializers;
    private readonly Dictionary<string, Tensor> _constants = [];
    private readonly HashSet<string> _taken;
    private readonly OlderBroadcasts _broadcasts;

    private OlderForms(
        int opset, ScalarType floatType, IReadOnlyCollection<Node> nodes, ImmutableDictionary<string, Tensor> initializers,
        IEnumerable<ValueInfo> inputs)
    {
        _opset = opset;
        _floatType = floatType;
        _initializers = initializers.ToBuilder();
        _taken = [.. initializers.Keys, .. inputs.Select(input => input.Name), .. nodes.SelectMany(node => node.Outputs)];
        _broadcasts = new OlderBroadcasts(nodes, _initializers, inputs);
    }

    /// <summary>Renews the nodes of a graph; those of version 11 and later stay as they are.</summary>
    /// <param name="opset">The version of ONNX's operator set that the nodes are written in.</param>
    /// <param name="floatType">The type of floating-point tensors.</param>
    /// <param name="nodes">The nodes in order.</param>
    /// <param name="initializers">The stored tensors.</param>
    /// <param name="inputs">The graph's inputs.</param>
    /// <returns>The nodes, the stored tensors with those that take the place of attributes, and the version that the nodes are now
    /// in.</returns>
    /// <exception cref="OccamException">A node has a form that no later version can say.</exception>
    public static (ImmutableArray<Node> Nodes, ImmutableDictionary<string, Tensor> Initializers, int Opset) Renew(
        int opset, ScalarType floatType, ImmutableArray<Node> nodes, ImmutableDictionary<string, Tensor> initializers,
        IReadOnlyCollection<ValueInfo> inputs)
    {
        if (opset >= Version)
        {
            return (nodes, initializers, opset);
        }

        var forms = new OlderForms(opset, floatType, nodes, initializers, inputs);
        var renewed = ImmutableArray.CreateBuilder<Node>(nodes.Length);
        foreach (var node in nodes)
        {
            foreach (var part in node.Domain.Length == 0 ? forms.Renew(Inside(node, opset, floatType)) : [node])
            {
                renewed.Add(part);
                forms._broadcasts.Note(part);
            }
        }

        return (renewed.ToImmutable(), forms._initializers.ToImmutable(), Version);
    }

    // A node whose graphs are renewed, each by itself: what its nodes now need stands in Constant nodes at its beginning.
    private static Node Inside(Node node, int opset, ScalarType floatType)
    {
        foreach (var (name, value) in node.Attributes.All)
        {
            if (value is Subgraph { Graph: var graph } inner)
            {
                var (nodes, stored, version) = Renew(opset, floatType, graph.Nodes, graph.Initializers, [graph.Input, .. graph.Held]);
                var constants = stored.Select(pair => new Node(
                    $"{pair.Key}:constant", "Constant", "", [], [pair.Key], Attributes.Of(("value", pair.Value))));
                node = With(node, (name, new Subgraph(
                    graph with
                    {
                        Opset = version,
                        Nodes = [.. constants, .. nodes],
                        Initializers = ImmutableDictionary<string, Tensor>.Empty,
                    },
                    inner.Handed, inner.CapturedAt)));
            }
        }

        return node;
    }

    private IEnumerable<Node> Renew(Node old)
    {
        var node = Without(old, "consumed_inputs", "is_test");
        var attributes = node.Attributes;
        switch (node.OperatorType)
        {
            case "Clip" when attributes.Has("min") || attributes.Has("max"):
                return [WithInputs(
                    node, ["min", "max"], Attribute("min"), Attribute("max"))];
            case "Pad" when attributes.Has("pads") || attributes.Has("paddings"):
                return [WithInputs(
                    node, ["pads", "paddings", "value"], List(attributes.Ints("pads") ?? attributes.Ints("paddings")), Attribute("value"))];
            case "Slice" when attributes.Has("starts"):
                return [WithInputs(
                    node, ["starts", "ends", "axes"],
                    List(attributes.Ints("starts")), List(attributes.Ints("ends")), List(attributes.Ints("axes")))];
            case "TopK" when attributes.Has("k"):
                return [WithInputs(node, ["k"], List([attributes.Int("k", 0)]))];
            case "Reshape" when attributes.Has("shape"):
                return [WithInputs(node, ["shape"], List(attributes.Ints("shape")))];
            case "Upsample" or "Resize":
                return Resized(node);
            case "Scatter":
                return [node with { OperatorType = "ScatterElements" }];
            case "BatchNormalization":
                return [NormalizedByChannel(node)];
            case "Cast" when attributes.All.GetValueOrDefault("to") is string type:
                return [With(node, ("to", TypeNamed(node, type)))];
            case "Concat" when _opset < 4 && !attributes.Has("axis"):
                return [With(node, ("axis", 1L))];
            case "Selu" when _opset < 6:
                return [With(node, ("alpha", attributes.Float("alpha", 1.6732f)), ("gamma", attributes.Float("gamma", 1.0507f)))];
            case "Tile" when _opset < 6 && node.Inputs.Length == 3:
                throw new OccamException($"{node} repeats one axis, as operator sets before 6 do: Occam reads Tile from 6 on");
            case "RNN" or "GRU" or "LSTM":
                return [Without(node, "output_sequence")];
            default:
                if (node.OperatorType == "Constant" && attributes.All.GetValueOrDefault("value") is Tensor constant)
                {
                    _constants[node.Output] = constant;
                }

                return RetiredOperators.Replace(node, Store) ?? [_opset < 7 ? _broadcasts.Align(node, Store) : node];
        }

        Tensor? Attribute(string name) =>
            attributes.Has(name) ? Tensor.Full([], attributes.Float(name, 0), ScalarType.Float64).To(_floatType) : null;
        static Tensor? List(long[]? numbers) => numbers is null ? null : Tensor.FromArray(numbers, numbers.Length);
    }

    // An index of the output lies at index / scale of the input. The nearest place is the one before, or behind where the input shrinks.
    private IEnumerable<Node> Resized(Node node)
    {
        var attributes = node.Attributes;
        var mode = attributes.Text("mode", "nearest") is var named && named == "bilinear" ? "linear" : named;
        var numbers = node.HasInput(1) ? Stored(node.Inputs[1])?.ToArray<double>() : attributes.Floats("scales")
            ?? (attributes.Has("height_scale") && attributes.Has("width_scale")
                ? [1, 1, attributes.Float("height_scale", 1), attributes.Float("width_scale", 1)]
                : throw new OccamException($"{node} doesn't say how much larger to make its input: expected scales"));
        if (mode != "nearest" || node.OperatorType == "Upsample" || numbers?.All(scale => scale >= 1) == true)
        {
            return [Step(node, node.Inputs[0], node.Output, numbers)];
        }

        if (numbers is null)
        {
            throw new OccamException($"{node} computes its scales, and whether it grows or shrinks its input, which decides what is "
                + "nearest in operator set 10, can't be told: write the model in operator set 11 or later");
        }

        if (numbers.All(scale => scale <= 1))
        {
            return [Step(node, node.Inputs[0], node.Output, numbers, "ceil")];
        }

        var grown = Taken($"{node.Output}.grown");
        return
        [
            Step(node with { Name = $"{node.Name}.grown", Inputs = [node.Inputs[0]] }, node.Inputs[0], grown,
                [.. numbers.Select(scale => Math.Max(1, scale))]),
            Step(node with { Inputs = [node.Inputs[0]] }, grown, node.Output, [.. numbers.Select(scale => Math.Min(1, scale))], "ceil"),
        ];

        Node Step(Node step, string input, string output, double[]? scales, string nearest = "floor") => step with
        {
            OperatorType = "Resize",
            Inputs =
            [
                input,
                Store(step, "roi", Tensor.Zeros([0])),
                step.HasInput(1) ? step.Inputs[1] : Store(step, "scales", Tensor.FromArray(scales!, scales!.Length).To(_floatType)),
            ],
            Outputs = [output],
            Attributes = Attributes.Of(("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", nearest)),
        };
    }

    // Until version 8 statistics could be those of each place; for those of a channel the attribute says nothing.
    private Node NormalizedByChannel(Node node)
    {
        var byChannel = node.Attributes.Int("spatial", 1) != 0
            || (node.HasInput(1) && _initializers.GetValueOrDefault(node.Inputs[1]) is { Dimensions: 1 });
        return byChannel
            ? Without(node, "spatial")
            : throw new OccamException($"{node} has spatial = 0, statistics for each place: Occam reads those for each channel");
    }

    private static long TypeNamed(Node node, string type) =>
        Enum.TryParse<DataType>(type, ignoreCase: true, out var found) && Enum.IsDefined(found)
            ? (long)found
            : throw new OccamException($"{node} casts to '{Data.Message.Clean(type)}': expected a type of ONNX, such as FLOAT");

    // The node with tensors after its one input in place of attributes; what is null is left out.
    private Node WithInputs(Node node, string[] attributes, params ReadOnlySpan<Tensor?> values)
    {
        if (!node.HasInput(0))
        {
            throw new OccamException($"{node} has no input 0");
        }

        var inputs = ImmutableArray.CreateBuilder<string>();
        inputs.Add(node.Inputs[0]);
        for (var i = 0; i < values.Length; i++)
        {
            inputs.Add(values[i] is { } value ? Store(node, attributes[i == values.Length - 1 ? ^1 : i], value) : "");
        }

        return Without(node, attributes) with { Inputs = inputs.ToImmutable() };
    }

    private string Store(Node node, string role, Tensor value)
    {
        var name = Taken($"{node.Name}.{role}");
        _initializers[name] = value.DetachFromDisposeScope();
        return name;
    }

    private string Taken(string stem)
    {
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++)
        {
            name = $"{stem}_{i}";
        }

        return name;
    }

    private Tensor? Stored(string name) => _initializers.GetValueOrDefault(name) ?? _constants.GetValueOrDefault(name);

    private static Node Without(Node node, params string[] attributes) =>
        attributes.Any(node.Attributes.Has)
            ? node with { Attributes = new Attributes(node.Attributes.All.RemoveRange(attributes)) }
            : node;

    private static Node With(Node node, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var all = node.Attributes.All;
        foreach (var (name, value) in attributes)
        {
            all = all.SetItem(name, value);
        }

        return node with { Attributes = new Attributes(all) };
    }
}
