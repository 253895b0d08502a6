using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// (x − mean) / √(variance + ε) · scale + bias with the example's own mean and variance over some of its numbers.
/// The derivative of the middle part is (I − 11ᵀ/n − zzᵀ/n) / √(variance + ε), which 1/√ε bounds: a valid
/// Lipschitz bound, reached where the numbers are all alike, and far above what data meet.
/// </summary>
internal abstract class Normalization : Operator
{
    public sealed override Linearity Linearity => Linearity.Curved;

    public sealed override bool TakesFilled(int input, Tensor filled) => input > 0;

    public sealed override Offset OffsetAt(int input) => input == 2 ? Offset.Shift : Offset.None;

    /// <summary>From which axis on the last dimensions are normalized together; null where it isn't the last ones.</summary>
    protected virtual int? Axis(in NodeCall call) => null;

    /// <summary>How many numbers are normalized together.</summary>
    protected abstract double Together(in NodeCall call);

    /// <summary>Whether the mean is taken off, so that no number can be more than √(n − 1) deviations from it; otherwise √n.</summary>
    protected virtual bool IsCentered => true;

    // Normalized, n numbers have a norm of at most √n.
    public sealed override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        if (call.Dependent.Skip(1).Contains(true))
        {
            return [];
        }

        var (n, shape) = (Together(call.Call), call.Call[0].Shape);
        var each = Math.Sqrt(IsCentered ? n - 1 : n);
        var (scale, bias) = (call.Call[1].Abs(), call.Call.Optional(2)?.Abs());
        if (Axis(call.Call) is not { } axis)
        {
            var most = (each * Broadcasting.LargestMagnitude(scale)) + (bias is null ? 0 : Broadcasting.LargestMagnitude(bias));
            return [new ValueSize(Tensor.Full(shape, most, ScalarType.Float64))];
        }

        var elements = (scale * each).Expand(shape);
        var shift = bias?.Expand(shape);
        var radius = (Math.Sqrt(n) * Broadcasting.LargestMagnitude(scale))
            + (shift is null ? 0 : shift.Reshape(-1, (long)n).Norm([1]).AMax([0]).Item());
        return [new ValueSize(shift is null ? elements : elements + shift).WithGroups(axis, radius)];
    }

    internal sealed override Enclosure[]? Enclose(EnclosureCall call)
    {
        var node = call.At(1);
        if (call.Varying > 1 || !call.Depends(0) || call.Space.Pieces is not null || Dimensions(node) is not { } dimensions
            || call.Node.Outputs.Skip(1).Any(name => name.Length > 0))
        {
            return null;
        }

        var x = call[0];
        var normalized = EnclosedNormalization.Of(call.Space, x, dimensions, Epsilon(node), IsCentered);
        return normalized is null ? null
            : [EnclosedMaps.Line(call.Space, normalized, Parameter(node, 1), node.Optional(2) is null ? null : Parameter(node, 2))];
    }

    /// <summary>How many of the last dimensions are normalized together; null where it isn't the last ones.</summary>
    protected virtual int? Dimensions(in NodeCall call) => Axis(call) is { } axis ? call[0].Dimensions - axis : null;

    /// <summary>Scale or bias as they are broadcast over the numbers.</summary>
    protected virtual Tensor Parameter(in NodeCall call, int input) => call[input].To(ScalarType.Float64);

    protected static double Epsilon(in NodeCall call) => call.Attributes.Float("epsilon", 1e-5);

    protected sealed override double? Bound(LipschitzCall call)
    {
        var epsilon = Epsilon(call.Call);
        return call.InputBounds.AsSpan(1).ContainsAnyExcept(0) || epsilon <= 0
            ? null
            : call.InputBounds[0] * Broadcasting.LargestMagnitude(call.Call[1]) / Math.Sqrt(epsilon);
    }
}

/// <summary>Normalization by example and channel, over space.</summary>
internal sealed class InstanceNormalization : Normalization
{
    public override string Type => "InstanceNormalization";

    public override int LeastInputs => 3;

    protected override double Together(in NodeCall call) => Axes.Product(call[0].Shape.AsSpan(2));

    protected override int? Dimensions(in NodeCall call) => call[0].Dimensions - 2;

    protected override Tensor Parameter(in NodeCall call, int input) =>
        call[input].To(ScalarType.Float64).Reshape([-1, .. Enumerable.Repeat(1L, call[0].Dimensions - 2)]);

    public override Tensor[] Run(in NodeCall call) => [call[0].InstanceNorm(call[1], call[2], Epsilon(call))];
}

/// <summary>Normalization by example over the dimensions from an axis on. Outputs 1 and 2 are the mean and 1/√(variance + ε).</summary>
internal sealed class LayerNormalization : Normalization
{
    public override string Type => "LayerNormalization";

    public override int LeastInputs => 2;

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) => input switch
    {
        1 => ExampleGradients.OfBroadcast(cotangent * Normalized(call), call[1].Shape),
        2 => ExampleGradients.OfBroadcast(cotangent, call[2].Shape),
        _ => null,
    };

    protected override int? Axis(in NodeCall call) => Axes.Find(call.Node, call.Attributes.Int("axis", -1), call[0].Dimensions);

    protected override double Together(in NodeCall call) => Axes.Product(call[0].Shape.AsSpan(Axis(call)!.Value));

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, scale, bias) = (call[0], call[1], call.Optional(2));
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -1), x.Dimensions);
        var shape = x.Shape[axis..];
        Broadcasting.CheckShape(call.Node, x.Shape, scale.Shape);
        var fits = scale.Shape.AsSpan().SequenceEqual(shape) && (bias is null || bias.Shape.AsSpan().SequenceEqual(shape));
        var output = fits ? x.LayerNorm(shape, scale, bias, Epsilon(call)) : x.LayerNorm(shape, null, null, Epsilon(call)) * scale;
        if (!fits && bias is not null)
        {
            output += bias;
        }

        if (call.Node.Outputs.Length == 1)
        {
            return [output];
        }

        long[] over = [.. Enumerable.Range(axis, x.Dimensions - axis).Select(i => (long)i)];
        var mean = x.Mean(over, keep: true);
        return [output, mean, ((x - mean).Square().Mean(over, keep: true) + Epsilon(call)).Sqrt().Reciprocal()];
    }

    private static Tensor Normalized(in NodeCall call) => call[0].LayerNorm(
        call[0].Shape[Axes.Find(call.Node, call.Attributes.Int("axis", -1), call[0].Dimensions)..], null, null, Epsilon(call));
}

/// <summary>
/// x / √(mean of x² + ε) · scale over the dimensions from an axis on, without a mean taken off. The derivative of the middle part,
/// (I − zzᵀ/n) / √(mean of x² + ε), is bounded by 1/√ε, and reaches it at 0.
/// </summary>
internal class RmsNormalization : Normalization
{
    public override string Type => "RMSNormalization";

    public override int LeastInputs => 2;

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) =>
        input == 1 ? ExampleGradients.OfBroadcast(cotangent * Normalized(call), call[1].Shape) : null;

    protected override int? Axis(in NodeCall call) => Axes.Find(call.Node, call.Attributes.Int("axis", -1), call[0].Dimensions);

    protected override double Together(in NodeCall call) => Axes.Product(call[0].Shape.AsSpan(Axis(call)!.Value));

    protected override bool IsCentered => false;

    public override Tensor[] Run(in NodeCall call)
    {
        Broadcasting.CheckShape(call.Node, call[0].Shape, call[1].Shape);
        return [Normalized(call) * call[1]];
    }

    private static Tensor Normalized(in NodeCall call)
    {
        var x = call[0];
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -1), x.Dimensions);
        long[] over = [.. Enumerable.Range(axis, x.Dimensions - axis).Select(i => (long)i)];
        return x / (x.Square().Mean(over, keep: true) + Epsilon(call)).Sqrt();
    }
}

/// <summary>The same under the name that ONNX Runtime gave it before ONNX had it. Output 1 is 1/√(mean of x² + ε).</summary>
internal sealed class SimplifiedLayerNormalization : RmsNormalization
{
    public override string Type => "SimplifiedLayerNormalization";

    public override Tensor[] Run(in NodeCall call)
    {
        var output = base.Run(call)[0];
        if (call.Node.Outputs.Length == 1)
        {
            return [output];
        }

        var x = call[0];
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -1), x.Dimensions);
        long[] over = [.. Enumerable.Range(axis, x.Dimensions - axis).Select(i => (long)i)];
        return [output, (x.Square().Mean(over, keep: true) + Epsilon(call)).Sqrt().Reciprocal()];
    }
}

/// <summary>
/// Normalization by example and group of channels. Scale and bias hold a number for each group up to opset
/// 20, for each channel from 21 on.
/// </summary>
internal sealed class GroupNormalization : Normalization
{
    private const int ByChannelSince = 21;

    public override string Type => "GroupNormalization";

    public override int LeastInputs => 3;

    protected override double Together(in NodeCall call) =>
        (double)call[0].Elements / (call[0].Shape[0] * call.Attributes.Int("num_groups", 1));

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var groups = call.Attributes.Int("num_groups", 0);
        if (groups < 1 || x.Dimensions < 2 || x.Shape[1] % groups != 0)
        {
            throw new OccamException($"{call.Node} has num_groups {groups} on an input {string.Join("×", x.Shape)}: expected a divisor "
                + "of the number of channels");
        }

        var (scale, bias) = (call[1], call[2]);
        if (call.Opset < ByChannelSince)
        {
            var width = x.Shape[1] / groups;
            Tensor ByChannel(Tensor byGroup) => byGroup.Unsqueeze(1).Expand(groups, width).Reshape(-1);
            (scale, bias) = (ByChannel(scale), ByChannel(bias));
        }

        return [x.GroupNorm(groups, scale, bias, Epsilon(call))];
    }
}
