using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A function of all numbers along an axis. Before opset 13 the axis begins the flattened rest, and is 1 by default.</summary>
internal abstract class SoftmaxOperator : Operator
{
    protected const int OneAxisSince = 13;

    public sealed override Linearity Linearity => Linearity.Curved;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var input = call[0];
        if (call.Opset >= OneAxisSince)
        {
            return [Apply(input, Axes.Find(call.Node, call.Attributes.Int("axis", -1), input.Dimensions))];
        }

        var axis = Axes.FindGap(call.Node, call.Attributes.Int("axis", 1), input.Dimensions);
        if (axis == input.Dimensions - 1)
        {
            return [Apply(input, axis)];
        }

        var rows = Axes.Product(input.Shape.AsSpan(0, axis));
        return [Apply(input.Reshape(rows, Axes.Product(input.Shape.AsSpan(axis))), 1).Reshape(input.Shape)];
    }

    /// <summary>How many numbers one softmax runs over.</summary>
    protected static long Length(in NodeCall call)
    {
        var shape = call[0].Shape;
        return call.Opset >= OneAxisSince
            ? shape[Axes.Find(call.Node, call.Attributes.Int("axis", -1), shape.Length)]
            : Axes.Product(shape.AsSpan(Axes.FindGap(call.Node, call.Attributes.Int("axis", 1), shape.Length)));
    }

    protected abstract Tensor Apply(Tensor x, int axis);

    /// <summary>The enclosure along the last axis; null where there is none.</summary>
    protected virtual Enclosure? AlongLast(EnclosureSpace space, Enclosure x) => null;

    internal sealed override Enclosure[]? Enclose(EnclosureCall call)
    {
        var axis = call.Node.Attributes.Int("axis", call.At(1).Opset >= OneAxisSince ? -1 : 1);
        var last = call[0].Shape.Length - 1;
        var from = axis < 0 ? (int)axis : (int)axis - last - 1;
        if ((call.At(1).Opset < OneAxisSince && from != -1) || from == -last - 1 || call.Space.Pieces is not null)
        {
            return null;
        }

        Enclosure Turned(Enclosure value) => value.Changed(one => one.Transpose(from, -1), all => all.Transpose(from, -1));
        return AlongLast(call.Space, Turned(call[0])) is { } result ? [Turned(result)] : null;
    }
}

/// <summary>e^x over its sum.</summary>
internal sealed class Softmax : SoftmaxOperator
{
    public override string Type => "Softmax";

    protected override Tensor Apply(Tensor x, int axis) => x.Softmax(axis);

    protected override Enclosure? AlongLast(EnclosureSpace space, Enclosure x) => EnclosedSoftmax.Of(space, x);

    // Probabilities; along the last axis they sum to 1, and so do no more their squares.
    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        var shape = call.Call[0].Shape;
        var size = new ValueSize(Tensor.Ones(shape, ScalarType.Float64));
        return [Length(call.Call) == shape[^1] && shape[^1] > 1 && IsLast(call.Call) ? size.WithGroups(shape.Length - 1, 1) : size];
    }

    private static bool IsLast(in NodeCall call) =>
        call.Attributes.Int("axis", call.Opset >= OneAxisSince ? -1 : 1) is var axis && (axis == -1 || axis == call[0].Dimensions - 1);

    // The Jacobian is diag p − ppᵀ. By Gershgorin its eigenvalues are at most
    // p_i(1 − p_i) + Σ_{j≠i} p_i p_j = 2 p_i (1 − p_i) ≤ ½, and two equal probabilities reach it.
    protected override double? Bound(LipschitzCall call) => call.Largest * 0.5;
}

/// <summary>The logarithm of the softmax.</summary>
internal sealed class LogSoftmax : SoftmaxOperator
{
    public override string Type => "LogSoftmax";

    protected override Tensor Apply(Tensor x, int axis) => x.LogSoftmax(axis);

    protected override Enclosure? AlongLast(EnclosureSpace space, Enclosure x) => EnclosedSoftmax.Logarithm(space, x);

    // The Jacobian I − 1pᵀ is a projection along 1; a projection and its complement 1pᵀ have the same norm,
    // ‖1‖‖p‖ ≤ √n, approached as one probability goes to 1.
    protected override double? Bound(LipschitzCall call) => Length(call.Call) > 1 ? call.Largest * Math.Sqrt(Length(call.Call)) : 0;
}

/// <summary>1 for the first of the largest numbers and 0 for all others: steps.</summary>
internal sealed class Hardmax : SoftmaxOperator
{
    public override string Type => "Hardmax";

    public override bool IsStep(Node node, int input, int output) => true;

    protected override Tensor Apply(Tensor x, int axis)
    {
        var places = Tensor.Arange(0, x.Shape[axis], 1, ScalarType.Int64, x.Device);
        var chosen = x.ArgMax(axis).Unsqueeze(axis);
        return places.Reshape([-1, .. Enumerable.Repeat(1L, x.Dimensions - axis - 1)]).EqualTo(chosen).To(x.ScalarType);
    }

    protected override double? Bound(LipschitzCall call) => null;
}
