using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A value that doesn't change with the numbers of the input.</summary>
internal abstract class ConstantOperator : Operator
{
    public sealed override Linearity Linearity => Linearity.Structural;

    public sealed override bool ReadsValues => false;

    public sealed override bool Trains(int input) => false;

    protected sealed override double? Bound(LipschitzCall call) => 0;
}

/// <summary>A tensor, number or list of numbers stored in an attribute.</summary>
internal sealed class Constant : ConstantOperator
{
    public override string Type => "Constant";

    public override int LeastInputs => 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var attributes = call.Attributes;
        var value = attributes.Has("value") ? attributes.Tensor("value")!
            : attributes.Has("value_float") ? Tensor.Full([], attributes.Float("value_float", 0), ScalarType.Float64)
            : attributes.Floats("value_floats") is { } floats ? Tensor.FromArray(floats, floats.Length)
            : attributes.Has("value_int") ? Tensor.FromArray([attributes.Int("value_int", 0)])
            : attributes.Ints("value_ints") is { } integers ? Tensor.FromArray(integers, integers.Length)
            : throw new OccamException(
                $"{call.Node} has none of the attributes value, value_float(s), value_int(s): Occam knows no other constants");

        // What few bits a zero point has tells the range of what is quantized by it.
        return [value.ScalarType is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 ? value.Alias() : Types.Settle(call, value)];
    }
}

/// <summary>One number everywhere in a shape that is computed; 0 by default.</summary>
internal sealed class ConstantOfShape : ConstantOperator
{
    public override string Type => "ConstantOfShape";

    public override Tensor[] Run(in NodeCall call)
    {
        var shape = call[0].ToArray<long>();
        Limits.CheckElements(call.Node, shape);
        var value = call.Attributes.Tensor("value") ?? Tensor.Zeros([1]);
        return value.Elements == 1
            ? [Types.Settle(call, value).Reshape([.. Enumerable.Repeat(1L, shape.Length)]).Expand(shape)]
            : throw new OccamException($"{call.Node} has a value of {value.Elements} numbers: expected one");
    }
}

/// <summary>The numbers from a start, in steps, up to and without a limit.</summary>
internal sealed class Range : ConstantOperator
{
    public override string Type => "Range";

    public override int LeastInputs => 3;

    public override Tensor[] Run(in NodeCall call)
    {
        var (start, limit, step) = (call[0].Item(), call[1].Item(), call[2].Item());
        var count = Math.Max(0, Math.Ceiling((limit - start) / step));
        if (!double.IsFinite(count) || count > Limits.MostElements)
        {
            throw new OccamException($"{call.Node} counts from {start} to {limit} in steps of {step}: it asks for "
                + (count < long.MaxValue ? Limits.Excess([(long)count]) : "more numbers than any machine holds"));
        }

        var indices = Tensor.Arange(0, count, 1, ScalarType.Int64);
        return call[0].IsFloatingPoint
            ? [Types.Settle(call, (indices.To(ScalarType.Float64) * step) + start)]
            : [(indices * Tensor.FromArray([(long)step])) + Tensor.FromArray([(long)start])];
    }
}

/// <summary>The sizes of the input's dimensions from <c>start</c> to <c>end</c>.</summary>
internal sealed class Shape : ConstantOperator
{
    public override string Type => "Shape";

    public override Tensor[] Run(in NodeCall call)
    {
        var shape = call[0].Shape;
        var start = FromFront(call.Attributes.Int("start", 0), shape.Length);
        var end = FromFront(call.Attributes.Int("end", shape.Length), shape.Length);
        var part = start < end ? shape[start..end] : [];
        return [Tensor.FromArray(part, part.Length)];
    }

    private static int FromFront(long index, int dimensions) => (int)Math.Clamp(index < 0 ? index + dimensions : index, 0, dimensions);
}

/// <summary>The number of the input's elements.</summary>
internal sealed class Size : ConstantOperator
{
    public override string Type => "Size";

    public override Tensor[] Run(in NodeCall call) => [Tensor.FromArray([call[0].Elements])];
}

/// <summary>Ones on a diagonal and zeros elsewhere, in the shape of the input.</summary>
internal sealed class EyeLike : ConstantOperator
{
    public override string Type => "EyeLike";

    public override Tensor[] Run(in NodeCall call)
    {
        var (shape, diagonal) = (call[0].Shape, call.Attributes.Int("k", 0));
        if (shape.Length != 2)
        {
            throw new OccamException($"{call.Node} makes a matrix like an input of {shape.Length} dimensions: expected 2");
        }

        Tensor Numbers(long size, long from) => Tensor.Arange(0, size, 1, ScalarType.Int64) + Tensor.FromArray([from]);
        var eye = Numbers(shape[0], diagonal).Unsqueeze(1).EqualTo(Numbers(shape[1], 0));
        return [call.Attributes.Has("dtype")
            ? Types.Cast(call, eye, call.Attributes.Int("dtype", 0))
            : eye.To(call[0].ScalarType).To(call[0].Device)];
    }
}
