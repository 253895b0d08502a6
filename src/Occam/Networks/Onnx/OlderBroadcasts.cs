using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Onnx;

/// <summary>
/// How operators before version 7 align two operands: the second one's dimensions with those of the first from an axis on. Later
/// ones align the last dimensions, so that the second operand needs dimensions of size 1 at its end.
/// </summary>
internal sealed class OlderBroadcasts
{
    private readonly ImmutableDictionary<string, Tensor>.Builder _initializers;
    private readonly Dictionary<string, int> _consumers = [];
    private readonly Dictionary<string, int> _ranks = [];

    public OlderBroadcasts(
        IReadOnlyCollection<Node> nodes, ImmutableDictionary<string, Tensor>.Builder initializers, IEnumerable<ValueInfo> inputs)
    {
        _initializers = initializers;
        foreach (var name in nodes.SelectMany(node => node.Inputs))
        {
            _consumers[name] = _consumers.GetValueOrDefault(name) + 1;
        }

        foreach (var (name, tensor) in initializers)
        {
            _ranks[name] = tensor.Dimensions;
        }

        foreach (var input in inputs.Where(input => !input.Shape.IsDefault))
        {
            _ranks[input.Name] = input.Shape.Length;
        }
    }

    /// <summary>A node of two operands whose second is aligned as later versions align it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="store">Stores a tensor for a node, and gives its name.</param>
    /// <exception cref="OccamException">How many dimensions an operand has can't be told, or the axis doesn't fit.</exception>
    public Node Align(Node node, Func<Node, string, Tensor, string> store)
    {
        if (node.OperatorType is not ("Add" or "Sub" or "Mul" or "Div" or "Pow" or "And" or "Or" or "Xor" or "Equal" or "Less" or "Greater"
            or "PRelu"))
        {
            return node.OperatorType == "Gemm" ? Plain(node) : node;
        }

        // A slope for each channel; elsewhere the last dimensions, where no axis is named.
        var aligned = node.OperatorType == "PRelu"
            ? Trailing(node, 1)
            : node.Attributes.Int("broadcast", 0) != 0 && node.Attributes.Has("axis") ? Trailing(node, node.Attributes.Int("axis", 0)) : 0;
        return aligned == 0 ? Plain(node) : Plain(node) with { Inputs = node.Inputs.SetItem(1, Extended(node, aligned, store)) };
    }

    /// <summary>Notes how many dimensions a renewed node's output has, where that can be told.</summary>
    public void Note(Node node)
    {
        int? Rank(int input) => node.HasInput(input) && _ranks.TryGetValue(node.Inputs[input], out var rank) ? rank : null;
        int? Axes() => node.Attributes.Ints("axes")?.Length;
        var most = Enumerable.Range(0, node.Inputs.Length).Select(Rank).Aggregate((int?)0, (most, rank) => Greater(most, rank));
        var rank = node.OperatorType switch
        {
            "Flatten" or "Gemm" => 2,
            "Constant" => node.Attributes.Tensor("value")?.Dimensions,
            "Shape" => 1,
            "Reshape" => node.HasInput(1) && _initializers.GetValueOrDefault(node.Inputs[1]) is { } shape ? (int)shape.Elements : null,
            "Unsqueeze" => Rank(0) + Axes(),
            "Squeeze" => Rank(0) - Axes(),
            "MatMul" => Rank(0) >= 2 && Rank(1) >= 2 ? most : null,
            "Gather" => Rank(0) + Rank(1) - 1,
            "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Sum" or "Mean" or "Max" or "Min" or "And" or "Or" or "Xor" or "Equal" or "Less"
                or "Greater" => most,
            _ when node.OperatorType.StartsWith("Reduce", StringComparison.Ordinal) =>
                node.Attributes.Int("keepdims", 1) != 0 ? Rank(0) : Rank(0) - Axes(),
            _ when KeepsRank(node.OperatorType) => Rank(0),
            _ => null,
        };
        foreach (var output in rank is null ? [] : node.Outputs.Where(name => name.Length > 0))
        {
            _ranks[output] = rank!.Value;
        }
    }

    private static bool KeepsRank(string type) => type is
        "Abs" or "AveragePool" or "BatchNormalization" or "Cast" or "Ceil" or "Clip" or "Concat" or "Conv" or "ConvTranspose"
            or "DepthToSpace" or "Dropout" or "Elu" or "Exp" or "Floor" or "GlobalAveragePool" or "GlobalMaxPool" or "HardSigmoid"
            or "Identity" or "InstanceNormalization" or "LRN" or "LeakyRelu" or "Log" or "LogSoftmax" or "LpNormalization" or "MaxPool"
            or "Neg" or "Not" or "PRelu" or "Pad" or "Reciprocal" or "Relu" or "Resize" or "Selu" or "Sigmoid" or "Slice" or "Softmax"
            or "Softplus" or "Softsign" or "SpaceToDepth" or "Split" or "Sqrt" or "Tanh" or "Tile" or "Transpose";

    private static int? Greater(int? left, int? right) => left is null || right is null ? null : Math.Max(left.Value, right.Value);

    private int Trailing(Node node, long axis)
    {
        if (!node.HasInput(1) || !_ranks.TryGetValue(node.Inputs[0], out var left) || !_ranks.TryGetValue(node.Inputs[1], out var right))
        {
            throw new OccamException($"{node} aligns its operands by an axis, as operator sets before 7 do, and how many dimensions "
                + "they have can't be told from the model");
        }

        if (right <= 1 && node.OperatorType == "PRelu" && (right == 0 || _initializers.GetValueOrDefault(node.Inputs[1])?.Elements == 1))
        {
            return 0;
        }

        var from = axis < 0 ? axis + left : axis;
        return from >= 0 && from + right <= left
            ? (int)(left - right - from)
            : right == left ? 0
            : throw new OccamException($"{node} aligns {right} dimensions with axis {axis} of {left}: they don't fit");
    }

    // A stored tensor that nothing else takes gets the dimensions itself, so that it stays a weight or a bias of this node.
    private string Extended(Node node, int dimensions, Func<Node, string, Tensor, string> store)
    {
        var name = node.Inputs[1];
        if (!_initializers.TryGetValue(name, out var tensor))
        {
            throw new OccamException($"{node} aligns by an axis an operand that is computed, as operator sets before 7 do: Occam reads "
                + "it where the operand is stored");
        }

        using var scope = Libtorch.NewDisposeScope();
        var extended = tensor.Reshape([.. tensor.Shape, .. Enumerable.Repeat(1L, dimensions)]).Alias().DetachFromDisposeScope();
        if (_consumers[name] > 1)
        {
            name = store(node, "aligned", extended);
        }

        _initializers[name] = extended;
        _ranks[name] = extended.Dimensions;
        return name;
    }

    private static Node Plain(Node node) =>
        node with { Attributes = new Attributes(node.Attributes.All.Remove("broadcast").Remove("axis")) };
}
