using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Onnx;

/// <summary>
/// What ONNX Runtime fuses into one operator of its own, taken apart while reading into the operators that it is made of, so that
/// layers, activations and look-ups are seen as in any other file. What is no chain of others (attention, rotary embeddings, products of
/// transposed matrices) stays, and is an operator of the domain com.microsoft.
/// </summary>
internal sealed class FusedForms
{
    private const int SizesAsInputsSince = 13;

    private readonly int _opset;
    private readonly ScalarType _floatType;
    private readonly ImmutableDictionary<string, Tensor>.Builder _initializers;
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _nodeNames;

    private FusedForms(
        int opset, ScalarType floatType, ImmutableArray<Node> nodes, ImmutableDictionary<string, Tensor> initializers,
        IEnumerable<ValueInfo> inputs)
    {
        _opset = opset;
        _floatType = floatType;
        _initializers = initializers.ToBuilder();
        _names = [.. initializers.Keys, .. inputs.Select(input => input.Name), .. nodes.SelectMany(node => node.Outputs)];
        _nodeNames = [.. nodes.Select(node => node.Name)];
    }

    /// <summary>Takes the fused nodes of a graph apart.</summary>
    /// <param name="opset">The version of ONNX's operator set that the graph is written in.</param>
    /// <param name="floatType">The type of floating-point tensors.</param>
    /// <param name="nodes">The nodes in order.</param>
    /// <param name="initializers">The stored tensors.</param>
    /// <param name="inputs">The graph's inputs.</param>
    /// <returns>The nodes, and the stored tensors with those that they need.</returns>
    /// <exception cref="OccamException">A node asks for what Occam doesn't run.</exception>
    public static (ImmutableArray<Node> Nodes, ImmutableDictionary<string, Tensor> Initializers) TakeApart(
        int opset, ScalarType floatType, ImmutableArray<Node> nodes, ImmutableDictionary<string, Tensor> initializers,
        IReadOnlyCollection<ValueInfo> inputs)
    {
        if (!nodes.Any(node => node.Domain == Domains.Microsoft))
        {
            return (nodes, initializers);
        }

        var forms = new FusedForms(opset, floatType, nodes, initializers, inputs);
        ImmutableArray<Node> parts = [.. nodes.SelectMany(node => node.Domain == Domains.Microsoft ? forms.Parts(node) : [node])];
        return (parts, forms._initializers.ToImmutable());
    }

    private IEnumerable<Node> Parts(Node node)
    {
        var chain = new Chain(this, node);
        switch (node.OperatorType)
        {
            // ONNX Runtime has them in ONNX's own domain as well.
            case "LayerNormalization" or "SimplifiedLayerNormalization" or "Trilu" or "GatherND" or "Range" or "GridSample" or "Pad"
                or "QuantizeLinear" or "DequantizeLinear":
                return [node with { Domain = "" }];
            case "TransposeMatMul":
                return [node with { OperatorType = "FusedMatMul" }];
            case "BiasAdd":
                return chain.Add(Given(node, 1)).Add(Given(node, 2)).End();
            case "BiasGelu":
                return chain.Add(Given(node, 1)).End("Gelu", Domains.Microsoft);
            case "FastGelu" when node.HasInput(1):
                return chain.Add(node.Inputs[1]).End("FastGelu", Domains.Microsoft);
            case "GemmFastGelu":
                chain.Do("MatMul", [Given(node, 1)]);
                return (node.HasInput(2) ? chain.Add(node.Inputs[2]) : chain).End("FastGelu", Domains.Microsoft);
            case "FusedGemm":
                chain.Do("Gemm", [.. node.Inputs.Skip(1)], Kept(node, "alpha", "beta", "transA", "transB"));
                return Activated(chain, node, "activation_alpha", "activation_beta", "activation_gamma");
            case "FusedMatMulActivation":
                chain.Do(
                    "FusedMatMul", [Given(node, 1)],
                    Kept(node, "alpha", "transA", "transB", "transBatchA", "transBatchB"), Domains.Microsoft);
                return Activated(chain, node, "activation_alpha", "activation_beta", "activation_gamma");
            case "FusedConv":
                chain.Do(
                    "Conv", [.. node.Inputs.Skip(1).Take(2)],
                    Kept(node, "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"));
                return Activated(node.HasInput(3) ? chain.Add(node.Inputs[3]) : chain, node);
            case "SkipLayerNormalization":
                return Normalized(chain, node, "LayerNormalization", 3, 4);
            case "SkipSimplifiedLayerNormalization":
                return Normalized(chain, node, "SimplifiedLayerNormalization", -1, 3);
            case "EmbedLayerNormalization":
                return Embedded(chain, node);
            case "Attention":
                return Attended(chain, node);
            default:
                return [node];
        }
    }

    private static string Given(Node node, int input) =>
        node.HasInput(input) ? node.Inputs[input] : throw new OccamException($"{node} has no input {input}");

    private static Attributes Kept(Node node, params string[] names) =>
        new(node.Attributes.All.Where(pair => names.Contains(pair.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal));

    // An activation by its name, whose numbers stand in attributes of their own or in one list.
    private IEnumerable<Node> Activated(Chain chain, Node node, params string[] numbered)
    {
        var listed = node.Attributes.Floats("activation_params");
        double Number(int index, double fallback) => listed is not null
            ? (index < listed.Length ? listed[index] : fallback)
            : index < numbered.Length ? node.Attributes.Float(numbered[index], fallback) : fallback;
        var type = node.Attributes.Text("activation", "");
        switch (type)
        {
            case "":
                return chain.End();
            case "Relu" or "Tanh" or "Sigmoid" or "Softplus" or "Softsign" or "HardSwish" or "Mish":
                return chain.End(type);
            case "Gelu" or "FastGelu" or "QuickGelu":
                return chain.End(type, Domains.Microsoft);
            case "LeakyRelu" or "Elu":
                return chain.End(type, attributes: Attributes.Of(("alpha", Number(0, type == "Elu" ? 1 : 0.01))));
            case "HardSigmoid":
                return chain.End("HardSigmoid", attributes: Attributes.Of(("alpha", Number(0, 0.2)), ("beta", Number(1, 0.5))));
            case "Clip":
                return chain.End("Clip", inputs: [Constant(node, "min", Number(0, -3.4e38)), Constant(node, "max", Number(1, 3.4e38))]);
            default:
                throw new OccamException($"{node} has the activation '{Data.Message.Clean(type)}', which Occam doesn't know");
        }
    }

    // The sum of a layer's output, what goes past it, and a bias; then a normalization.
    private static IEnumerable<Node> Normalized(Chain chain, Node node, string type, int shift, int bias)
    {
        if (node.HasInput(bias))
        {
            chain.Add(node.Inputs[bias]);
        }

        var sum = node.Outputs.Length > 3 ? node.Outputs[3] : "";
        chain.Do("Add", [Given(node, 1)], output: sum);
        ImmutableArray<string> scales = shift >= 0 && node.HasInput(shift) ? [Given(node, 2), node.Inputs[shift]] : [Given(node, 2)];
        var outputs = node.Outputs.Length > 1 ? [.. node.Outputs.Take(3)] : default(ImmutableArray<string>);
        return chain.End(type, inputs: scales, attributes: Epsilon(node), outputs: outputs);
    }

    private static Attributes Epsilon(Node node) => Attributes.Of(("axis", -1L), ("epsilon", node.Attributes.Float("epsilon", 1e-12)));

    // Look-ups of tokens, positions and types, their sum, and its normalization.
    private IEnumerable<Node> Embedded(Chain chain, Node node)
    {
        var ids = Given(node, 0);
        var words = chain.Do("Gather", [ids], first: Given(node, 2)).Value;
        string positions;
        if (node.HasInput(8))
        {
            positions = node.Inputs[8];
        }
        else
        {
            var one = Integer(node, "one", 1);
            chain.Do("Shape", [], first: ids).Do("Gather", [one]);
            positions = chain.Do("Range", [chain.Value, one], first: Integer(node, "zero", 0)).Value;
        }

        var placed = chain.Do("Gather", [positions], first: Given(node, 3)).Value;
        var summed = node.Outputs.Length > 2 ? node.Outputs[2] : "";
        var typed = node.HasInput(1) && node.HasInput(4);
        chain.Do("Add", [placed], first: words, output: typed ? "" : summed);
        if (typed)
        {
            var sum = chain.Value;
            var types = chain.Do("Gather", [node.Inputs[1]], first: node.Inputs[4]).Value;
            chain.Do("Add", [types], first: sum, output: summed);
        }

        if (node.Outputs.Length > 1 && node.Outputs[1].Length > 0)
        {
            var sum = chain.Value;
            Masked(chain, node);
            chain.From(sum);
        }

        return chain.End("LayerNormalization", inputs: [Given(node, 5), Given(node, 6)], attributes: Epsilon(node));
    }

    // How many tokens of each example the mask leaves; zeros without one.
    private void Masked(Chain chain, Node node)
    {
        var counted = node.HasInput(7) && node.Attributes.Int("mask_index_type", 0) == 1;
        var mask = counted ? node.Inputs[7]
            : chain.Do("Mul", [Integer(node, "zero", 0)], first: node.Inputs[0]).Value;
        var keep = ("keepdims", (object)0L);
        if (_opset < SizesAsInputsSince)
        {
            chain.Do("ReduceSum", [], Attributes.Of(("axes", new[] { 1L }), keep), first: mask, output: node.Outputs[1]);
        }
        else
        {
            chain.Do("ReduceSum", [Integers(node, "axes", 1)], Attributes.Of(keep), first: mask, output: node.Outputs[1]);
        }
    }

    // The projections as one product, cut into queries, keys and values.
    private IEnumerable<Node> Attended(Chain chain, Node node)
    {
        var attributes = node.Attributes;
        if (node.HasInput(4) || node.HasInput(6) || attributes.Int("do_rotary", 0) != 0
            || (node.Outputs.Length > 1 && node.Outputs[1].Length > 0))
        {
            throw new OccamException($"{node} keeps keys and values of before (past, present), or turns them by position (do_rotary): "
                + "Occam runs it without");
        }

        chain.Do("MatMul", [Given(node, 1)]);
        if (node.HasInput(2))
        {
            chain.Add(node.Inputs[2]);
        }

        var sizes = attributes.Ints("qkv_hidden_sizes");
        var parts = _opset < SizesAsInputsSince || sizes is null
            ? chain.Split(3, [], sizes is null ? [("axis", -1L)] : [("axis", -1L), ("split", sizes)])
            : chain.Split(3, [Integers(node, "sizes", sizes)], [("axis", -1L)]);
        chain.From(parts[0]);
        ImmutableArray<string> inputs =
            [parts[1], parts[2], "", node.HasInput(3) ? node.Inputs[3] : "", node.HasInput(5) ? node.Inputs[5] : ""];
        while (inputs is [.., ""])
        {
            inputs = inputs[..^1];
        }

        return chain.End(
            "MultiHeadAttention", Domains.Microsoft, inputs, Kept(node, "num_heads", "mask_filter_value", "scale", "unidirectional"));
    }

    private string Constant(Node node, string role, double value) => Store(
        node, role, Tensor.Full([], value, ScalarType.Float64).To(_floatType));

    private string Integer(Node node, string role, long value) => Store(node, role, Tensor.FromArray([value]));

    private string Integers(Node node, string role, params long[] values) => Store(node, role, Tensor.FromArray(values, values.Length));

    private string Store(Node node, string role, Tensor value)
    {
        var name = Fresh(_names, $"{node.Name}.{role}");
        _initializers[name] = value.DetachFromDisposeScope();
        return name;
    }

    private static string Fresh(HashSet<string> taken, string stem)
    {
        var name = stem;
        for (var i = 2; !taken.Add(name); i++)
        {
            name = $"{stem}_{i}";
        }

        return name;
    }

    // Nodes one after another, each taking what the one before gives.
    private sealed class Chain(FusedForms forms, Node node)
    {
        private readonly List<Node> _nodes = [];

        public string Value { get; private set; } = node.HasInput(0) ? node.Inputs[0] : "";

        public Chain From(string value)
        {
            Value = value;
            return this;
        }

        public Chain Add(string other) => Do("Add", [other]);

        public Chain Do(
            string type, ImmutableArray<string> inputs, Attributes? attributes = null, string domain = "", string? first = null,
            string output = "")
        {
            var given = output.Length > 0 ? output : Fresh(forms._names, $"{node.Name}/{type}");
            Append(type, domain, [first ?? Value, .. inputs], [given], attributes);
            return From(given);
        }

        public string[] Split(int parts, ImmutableArray<string> inputs, (string, object)[] attributes)
        {
            string[] outputs = [.. Enumerable.Range(0, parts).Select(i => Fresh(forms._names, $"{node.Name}/Split"))];
            Append("Split", "", [Value, .. inputs], [.. outputs], Attributes.Of(attributes));
            return outputs;
        }

        /// <summary>The last node, which has the outputs of the fused one; without a type, the last of the chain gets them.</summary>
        public List<Node> End(
            string? type = null, string domain = "", ImmutableArray<string> inputs = default, Attributes? attributes = null,
            ImmutableArray<string> outputs = default)
        {
            outputs = outputs.IsDefault ? [node.Output] : outputs;
            if (type is null)
            {
                _nodes[^1] = _nodes[^1] with { Outputs = outputs };
                return _nodes;
            }

            Append(type, domain, inputs.IsDefault ? [Value] : [Value, .. inputs], outputs, attributes);
            return _nodes;
        }

        private void Append(
            string type, string domain, ImmutableArray<string> inputs, ImmutableArray<string> outputs, Attributes? attributes) =>
            _nodes.Add(new Node(
                Fresh(forms._nodeNames, $"{node.Name}/{type}"), type, domain, inputs, outputs, attributes ?? Attributes.None));
    }
}
