using Occam.Torch;
using static Occam.Networks.Operators.Quantized;

namespace Occam.Networks.Operators;

/// <summary>
/// Real numbers as whole ones, in steps of a scale from a zero point: round(x / scale) + zero point, limited to the type's range; or
/// x / scale as floating-point numbers of 4 or 8 bits. The scale may differ along an axis, and in blocks along it.
/// </summary>
internal sealed class QuantizeLinear : Operator
{
    public override string Type => "QuantizeLinear";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Curved;

    public override bool Trains(int input) => input == 0;

    public override bool IsStep(Node node, int input, int output) => true;

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, zero) = (call[0], call.Optional(2));
        var scaled = x / Along(call, call[1].To(x.ScalarType).To(x.Device), x);
        if (SmallFloat.Of(call.Attributes.Int("output_dtype", 0)) is { } small)
        {
            return [small.Round(scaled, call.Attributes.Int("saturate", 1) != 0)];
        }

        return [Limited(call, scaled, zero is null ? null : Along(call, zero, x), Range(call, zero))];
    }

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>The real numbers that whole ones stand for: (x − zero point) · scale.</summary>
internal sealed class DequantizeLinear : Operator
{
    public override string Type => "DequantizeLinear";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Multilinear;

    public override bool Trains(int input) => false;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var zero = call.Optional(2);
        // Of floating-point numbers of 8 bits or fewer there is no zero point.
        var whole = x.IsFloatingPoint ? x : Difference(x, zero is null ? null : Along(call, zero, x));
        return [whole.To(call.FloatType).To(call.Device) * Along(call, call[1], x)];
    }

    protected override double? Bound(LipschitzCall call) =>
        call.Varying > 1 || call.InputBounds[0] == 0 ? null : call.InputBounds[0] * Broadcasting.LargestMagnitude(call.Call[1]);
}

/// <summary>
/// Real numbers as 8 bits without a sign, in the scale that spans the numbers of the whole input and zero. Outputs: the whole numbers,
/// the scale, the zero point.
/// </summary>
internal sealed class DynamicQuantizeLinear : Operator
{
    private const double Greatest = 255;

    public override string Type => "DynamicQuantizeLinear";

    public override Linearity Linearity => Linearity.Curved;

    public override bool IsStep(Node node, int input, int output) => output != 1;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var all = x.Reshape(-1);
        var least = all.AMin([0]).Clamp(null, 0);
        var span = all.AMax([0]).Clamp(0, null) - least;
        var scale = (span / Greatest).Where(span.GreaterThan(0), Tensor.OnesLike(span));
        var zero = (-least / scale).Round().Clamp(0, Greatest).To(ScalarType.Byte).To(Device.Cpu);
        return [Limited(call, x / scale, zero, (0, (long)Greatest)), scale, zero];
    }

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>What the operators on quantized numbers share.</summary>
internal static class Quantized
{
    /// <summary>The least and greatest number of the type that a node's zero point has, or that its attribute names.</summary>
    /// <exception cref="OccamException">The type isn't known, or one that Occam doesn't quantize to.</exception>
    public static (long Least, long Greatest) Range(in NodeCall call, Tensor? zero) =>
        (call.Attributes.Int("output_dtype", 0), zero?.ScalarType) switch
        {
            (2, _) or (0, null or ScalarType.Byte) => (byte.MinValue, byte.MaxValue),
            (3, _) or (0, ScalarType.Int8) => (sbyte.MinValue, sbyte.MaxValue),
            (4, _) or (0, ScalarType.Int32) => (ushort.MinValue, ushort.MaxValue),
            (5, _) or (0, ScalarType.Int16) => (short.MinValue, short.MaxValue),
            (21, _) => (0, 15),
            (22, _) => (-8, 7),
            (25, _) => (0, 3),
            (26, _) => (-2, 1),
            var (type, given) => throw new OccamException(
                $"{call.Node} quantizes to {(type != 0 ? $"ONNX's type {type}" : given)}: expected 2, 4, 8 or 16 bits, as the zero point "
                    + "has"),
        };

    /// <summary>Whole numbers without their zero point.</summary>
    public static Tensor Difference(Tensor x, Tensor? zero)
    {
        var whole = x.To(ScalarType.Int64);
        return zero is null ? whole : whole - zero.To(ScalarType.Int64).To(whole.Device);
    }

    /// <summary>Numbers that are scaled already, rounded (halves to even), moved by the zero point, limited.</summary>
    public static Tensor Limited(in NodeCall call, Tensor scaled, Tensor? zero, (long Least, long Greatest) range)
    {
        var rounded = scaled.Round();
        if (zero is not null)
        {
            rounded += zero.To(rounded.ScalarType).To(rounded.Device);
        }

        return Types.Settle(call, rounded.Clamp(range.Least, range.Greatest).To(ScalarType.Int64));
    }

    /// <summary>A scale or zero point in a shape that spreads over the numbers that it is for, as the node's axis and blocks say.</summary>
    /// <exception cref="OccamException">It doesn't fit.</exception>
    public static Tensor Along(in NodeCall call, Tensor parameter, Tensor x)
    {
        if (parameter.Elements == 1)
        {
            return parameter.Reshape();
        }

        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", 1), x.Dimensions);
        var block = call.Attributes.Int("block_size", 0);
        if (parameter.Dimensions == 1 && block == 0 && parameter.Shape[0] == x.Shape[axis])
        {
            var shape = Enumerable.Repeat(1L, x.Dimensions).ToArray();
            shape[axis] = parameter.Shape[0];
            return parameter.Reshape(shape);
        }

        if (block > 0 && parameter.Dimensions == x.Dimensions && (Int128)parameter.Shape[axis] * block >= x.Shape[axis])
        {
            long[] repeated = [.. parameter.Shape[..(axis + 1)], block, .. parameter.Shape[(axis + 1)..]];
            long[] joined = [.. parameter.Shape];
            joined[axis] *= block;
            Limits.CheckElements(call.Node, joined);
            return parameter.Unsqueeze(axis + 1).Expand(repeated).Reshape(joined).Narrow(axis, 0, x.Shape[axis]);
        }

        throw new OccamException($"{call.Node} has a scale or zero point of {string.Join("×", parameter.Shape)} for numbers of "
            + $"{string.Join("×", x.Shape)}: expected one, one for each place of axis {axis}, or blocks of it");
    }
}
