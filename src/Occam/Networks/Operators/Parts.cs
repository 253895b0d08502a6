using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Tensors joined along an axis.</summary>
internal sealed class Concat : Operator
{
    public override string Type => "Concat";

    public override Linearity Linearity => Linearity.Structural;

    public override Tensor[] Run(in NodeCall call)
    {
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", 0), call[0].Dimensions);
        var parts = new Tensor[call.Inputs.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = i == 0 ? call[0] : call[i].To(call[0].Device);
        }

        return [Tensor.Cat(parts, axis)];
    }

    public override Tensor[]? Paths(PathCall call) => Run(call.WithoutConstants());

    protected override double? Bound(LipschitzCall call) => Math.Sqrt(call.InputBounds.Sum(bound => bound * bound));
}

/// <summary>
/// A tensor cut along an axis: into parts of given sizes, or into as many alike as there are outputs, the
/// last one being smaller where they don't come out even.
/// </summary>
internal sealed class Split : Operator
{
    public override string Type => "Split";

    public override Linearity Linearity => Linearity.Structural;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", 0), x.Dimensions);
        var total = x.Shape[axis];
        var sizes = call.Integers(1, "split") ?? Alike(total, call.Node.Outputs.Length);
        if (sizes.Any(size => size < 0 || size > total) || sizes.Sum() != total || sizes.Length != call.Node.Outputs.Length)
        {
            throw new OccamException(
                $"{call.Node} cuts {total} into {string.Join(" + ", sizes)} for {call.Node.Outputs.Length} outputs: it doesn't come out");
        }

        var start = 0L;
        return Array.ConvertAll(sizes, size =>
        {
            var part = x.Narrow(axis, start, size);
            start += size;
            return part;
        });
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0];

    private static long[] Alike(long length, int parts)
    {
        var size = (length + parts - 1) / parts;
        return [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(length - (i * size), 0, size))];
    }
}

/// <summary>The part of some dimensions from start to end in steps, which may go backwards.</summary>
internal sealed class Slice : Operator
{
    public override string Type => "Slice";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Structural;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var (starts, ends) = (call[1].ToArray<long>(), call[2].ToArray<long>());
        var named = call.Optional(3)?.ToArray<long>() ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var axes = Axes.FindAll(call.Node, named, x.Dimensions);
        var steps = call.Optional(4)?.ToArray<long>() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length || steps.Contains(0))
        {
            throw new OccamException($"{call.Node} has {starts.Length} starts, {ends.Length} ends, {axes.Length} axes and the steps "
                + $"{string.Join(", ", steps)}: expected as many of each, and no step 0");
        }

        for (var i = 0; i < axes.Length; i++)
        {
            x = Cut(x, axes[i], starts[i], ends[i], steps[i]);
        }

        return [x];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0];

    private static Tensor Cut(Tensor x, int axis, long start, long end, long step)
    {
        var size = x.Shape[axis];
        long FromFront(long index) => index < 0 ? index + size : index;
        if (step > 0)
        {
            var (from, to) = (Math.Clamp(FromFront(start), 0, size), Math.Clamp(FromFront(end), 0, size));
            return x.Slice(axis, from, Math.Max(from, to), Math.Min(step, Math.Max(size, 1)));
        }

        // Backwards from the first index down to above the last: the same elements forwards, then flipped.
        var stride = step == long.MinValue ? long.MaxValue : -step;
        var (first, last) = (Math.Clamp(FromFront(start), -1, size - 1), Math.Clamp(FromFront(end), -1, size - 1));
        if (first <= last)
        {
            return x.Narrow(axis, 0, 0);
        }

        var count = (first - last - 1) / stride;
        return x.Slice(axis, first - (count * stride), first + 1, Math.Min(stride, size)).Flip(axis);
    }
}

/// <summary>The last two dimensions above or below a diagonal, with zeros elsewhere.</summary>
internal sealed class Trilu : Operator
{
    public override string Type => "Trilu";

    public override Linearity Linearity => Linearity.Structural;

    public override Tensor[] Run(in NodeCall call)
    {
        var diagonal = call.Optional(1)?.ItemInt64() ?? 0;
        return [call.Attributes.Int("upper", 1) != 0 ? call[0].UpperTriangle(diagonal) : call[0].LowerTriangle(diagonal)];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0];
}

/// <summary>The parts of a dimension that indices name, in the indices' shape.</summary>
internal sealed class Gather : Operator
{
    public override string Type => "Gather";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Structural;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override Tensor[] Run(in NodeCall call)
    {
        var (data, indices) = (call[0], call[1]);
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", 0), data.Dimensions);
        var rows = FromFront(indices, data.Shape[axis]).Reshape(-1).To(data.Device);
        Limits.CheckElements(call.Node, [.. data.Shape[..axis], rows.Elements, .. data.Shape[(axis + 1)..]]);
        Tensor selected;
        try
        {
            selected = IsTable(data, axis) ? data.Embedding(rows) : data.IndexSelect(axis, rows);
        }
        catch (TorchException e) when (Outside(call.Node, indices, axis, data.Shape[axis]) is { } told)
        {
            throw new OccamException(told, e);
        }

        return [selected.Reshape([.. data.Shape[..axis], .. indices.Shape, .. data.Shape[(axis + 1)..]])];
    }

    public override bool HasGradientRows(Node node, int input) => input == 0 && node.Attributes.Int("axis", 0) is 0 or -2;

    public override Tensor GradientRows(in NodeCall call, int input, Tensor cotangent, bool ofTransposed, long start, long count)
    {
        var (height, width) = (call[0].Size(0), call[0].Size(1));
        var chosen = FromFront(call[1], height).Reshape(-1).To(cotangent.Device).To(ScalarType.Int64);
        var slopes = cotangent.Reshape(-1, width);

        // A row's gradient is the sum of the cotangents of the places that it was looked up for.
        if (!ofTransposed)
        {
            return Places(chosen, start, count, slopes.ScalarType).MatMul(slopes);
        }

        return slopes.Narrow(1, start, count).T().MatMul(Places(chosen, 0, height, slopes.ScalarType).T());
    }

    private static Tensor Places(Tensor chosen, long start, long count, ScalarType type) =>
        Tensor.Arange(start, start + count, 1, ScalarType.Int64, chosen.Device).Unsqueeze(1).EqualTo(chosen.Unsqueeze(0)).To(type);

    // What is differentiated by in single or double precision: in others libtorch has no such gradient.
    private static bool IsTable(Tensor data, int axis) =>
        axis == 0 && data is { Dimensions: 2, RequiresGrad: true, ScalarType: ScalarType.Float32 or ScalarType.Float64 };

    // The first index that is none, and where it stands: of token ids, one that the vocabulary doesn't have.
    private static string? Outside(Node node, Tensor indices, int axis, long size)
    {
        var numbers = indices.To(Device.Cpu).To(ScalarType.Int64).ToArray<long>();
        var at = Array.FindIndex(numbers, number => number < -size || number >= size);
        if (at < 0)
        {
            return null;
        }

        var place = new long[indices.Dimensions];
        for (var (dimension, rest) = (indices.Dimensions - 1, (long)at); dimension >= 0; dimension--)
        {
            (rest, place[dimension]) = Math.DivRem(rest, indices.Shape[dimension]);
        }

        var where = place.Length > 0 ? $" at [{string.Join(", ", place)}]" : "";
        return $"{node} looks up {numbers[at]}, which '{node.Inputs[1]}' holds{where}, in '{node.Inputs[0]}': along axis {axis} it has "
            + $"0 to {size - 1}";
    }

    public override Tensor[]? Paths(PathCall call) => call.OnPath[1] ? null : Run(call.Call);

    /// <summary>A row named several times counts as often.</summary>
    protected override double? Bound(LipschitzCall call)
    {
        var (data, indices) = (call.Call[0], call.Call[1]);
        var axis = Axes.Find(call.Call.Node, call.Call.Attributes.Int("axis", 0), data.Dimensions);
        using var scope = Libtorch.NewDisposeScope();
        var repeats = FromFront(indices, data.Shape[axis])
            .ToArray<long>()
            .CountBy(index => index)
            .Select(pair => pair.Value)
            .DefaultIfEmpty()
            .Max();
        return call.InputBounds[1] > 0 ? null : call.InputBounds[0] * Math.Sqrt(repeats);
    }

    private static Tensor FromFront(Tensor indices, long size)
    {
        var whole = indices.To(Device.Cpu).To(ScalarType.Int64);
        return (whole + Tensor.FromArray([size])).Where(whole.LessThan(Tensor.FromArray([0L])), whole);
    }
}
