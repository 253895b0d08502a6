using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Elements or slices of a tensor that indices choose, in the indices' order.</summary>
internal abstract class Gathering : Operator
{
    public sealed override int LeastInputs => 2;

    public sealed override Linearity Linearity => Linearity.Structural;

    public sealed override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[1] ? Linearity.Curved : Linearity.Structural;

    public sealed override bool IsStep(Node node, int input, int output) => input == 1;

    public sealed override Tensor[]? Paths(PathCall call) => call.OnPath[1] ? null : Run(call.Call);

    /// <summary>What is chosen several times counts as often.</summary>
    protected sealed override double? Bound(LipschitzCall call) =>
        call.InputBounds[1] > 0 ? null : call.InputBounds[0] * Math.Sqrt(SliceIndices.MostRepeats(Rows(call.Call)));

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var rows = Rows(call);
        var (height, shape) = Shapes(call);
        Limits.CheckElements(call.Node, shape);
        var table = call[0].Reshape(height, height == 0 ? 0 : call[0].Elements / height);
        return [table.IndexSelect(0, Tensor.FromArray(rows, rows.Length).To(call[0].Device)).Reshape(shape)];
    }

    /// <summary>The rows that are chosen, the tensor seen as a table.</summary>
    protected abstract long[] Rows(in NodeCall call);

    /// <summary>The table's number of rows, and the output's shape.</summary>
    protected abstract (long Height, long[] Shape) Shapes(in NodeCall call);
}

/// <summary>The elements that indices along an axis lead to, each at its own place in all other dimensions.</summary>
internal sealed class GatherElements : Gathering
{
    public override string Type => "GatherElements";

    protected override long[] Rows(in NodeCall call) => SliceIndices.OfElements(
        call.Node, call[0].Shape, call[1], Axes.Find(call.Node, call.Attributes.Int("axis", 0), call[0].Dimensions));

    protected override (long Height, long[] Shape) Shapes(in NodeCall call) => (call[0].Elements, call[1].Shape);
}

/// <summary>The slices that tuples of indices lead to, which stand in the last dimension after <c>batch_dims</c> in common.</summary>
internal sealed class GatherND : Gathering
{
    public override string Type => "GatherND";

    protected override long[] Rows(in NodeCall call) => Tuples(call).Rows;

    protected override (long Height, long[] Shape) Shapes(in NodeCall call)
    {
        var (shape, depth) = (call[0].Shape, Tuples(call).Depth);
        return (Axes.Product(shape.AsSpan(0, depth)), [.. call[1].Shape[..^1], .. shape[depth..]]);
    }

    private static (long[] Rows, int Depth) Tuples(in NodeCall call) =>
        SliceIndices.OfTuples(call.Node, call[0].Shape, call[1], (int)Math.Clamp(call.Attributes.Int("batch_dims", 0), -1, 64));
}

/// <summary>The indices of a dimension, or of the flattened tensor, at which a condition holds.</summary>
internal sealed class Compress : Operator
{
    public override string Type => "Compress";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Structural;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override Tensor[]? Paths(PathCall call) => call.OnPath[1] ? null : Run(call.Call);

    public override Tensor[] Run(in NodeCall call)
    {
        var flat = !call.Attributes.Has("axis");
        var x = flat ? call[0].Reshape(-1) : call[0];
        var axis = flat ? 0 : Axes.Find(call.Node, call.Attributes.Int("axis", 0), x.Dimensions);
        long[] rows = [.. call[1].ToArray<bool>().Index().Where(pair => pair.Item).Select(pair => (long)pair.Index)];
        return [x.IndexSelect(axis, Tensor.FromArray(rows, rows.Length).To(x.Device))];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[1] > 0 ? null : call.InputBounds[0];
}

/// <summary>The beginning of each sequence, of its own length, turned around along the axis of time; the rest stays.</summary>
internal sealed class ReverseSequence : Operator
{
    public override string Type => "ReverseSequence";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Structural;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override Tensor[]? Paths(PathCall call) => call.OnPath[1] ? null : Run(call.Call);

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, lengths) = (call[0], call[1].ToArray<long>());
        var batch = Axes.Find(call.Node, call.Attributes.Int("batch_axis", 1), x.Dimensions);
        var time = Axes.Find(call.Node, call.Attributes.Int("time_axis", 0), x.Dimensions);
        if (batch == time || lengths.Length != x.Shape[batch] || lengths.Any(length => length < 0 || length > x.Shape[time]))
        {
            throw new OccamException($"{call.Node} turns around {string.Join(", ", lengths)} steps of an input "
                + $"{string.Join("×", x.Shape)}: expected a length up to {x.Shape[time]} for each of {x.Shape[batch]} sequences");
        }

        var steps = x.Shape[time];
        var rows = new long[lengths.Length * steps];
        for (var i = 0; i < rows.Length; i++)
        {
            var (sequence, at) = Math.DivRem(i, steps);
            rows[i] = (sequence * steps) + (at < lengths[sequence] ? lengths[sequence] - 1 - at : at);
        }

        long[] order = [batch, time, .. Axes.All(x).Where(i => i != batch && i != time).Select(i => (long)i)];
        long[] back = [.. Axes.All(x).Select(i => (long)Array.IndexOf(order, i))];
        var ordered = x.Permute(order);
        var turned = ordered.Flatten(0, 1).IndexSelect(0, Tensor.FromArray(rows, rows.Length).To(x.Device));
        return [turned.Reshape(ordered.Shape).Permute(back)];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[1] > 0 ? null : call.InputBounds[0];
}
