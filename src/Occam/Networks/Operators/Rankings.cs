using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// The index of the largest or smallest number along an axis; of several the first, or with <c>select_last_index</c> the last.
/// </summary>
internal abstract class Champion : Operator
{
    public sealed override Linearity Linearity => Linearity.Curved;

    public sealed override bool IsStep(Node node, int input, int output) => true;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", 0), x.Dimensions);
        var last = call.Attributes.Int("select_last_index", 0) != 0;
        var index = Find(last ? x.Flip(axis) : x, axis).To(Device.Cpu);
        index = last ? Tensor.FromArray([x.Shape[axis] - 1]) - index : index;
        return [call.Attributes.Int("keepdims", 1) != 0 ? index.Unsqueeze(axis) : index];
    }

    protected abstract Tensor Find(Tensor x, int axis);

    protected sealed override double? Bound(LipschitzCall call) => null;
}

/// <summary>The index of the largest number along an axis.</summary>
internal sealed class ArgMax : Champion
{
    public override string Type => "ArgMax";

    protected override Tensor Find(Tensor x, int axis) => x.ArgMax(axis);
}

/// <summary>The index of the smallest number along an axis.</summary>
internal sealed class ArgMin : Champion
{
    public override string Type => "ArgMin";

    protected override Tensor Find(Tensor x, int axis) => x.ArgMin(axis);
}

/// <summary>The k largest or smallest numbers along an axis in order, of equal ones the first; output 1 has their indices.</summary>
internal sealed class TopK : Operator
{
    public override string Type => "TopK";

    public override Linearity Linearity => Linearity.PiecewiseAffine;

    public override bool IsStep(Node node, int input, int output) => input == 1 || output == 1;

    public override bool EverySwitchIsKink => false;

    public override Tensor[] Run(in NodeCall call)
    {
        var (axis, count) = Choice(call);
        var sorted = call[0].Sort(axis, call.Attributes.Int("largest", 1) != 0);
        return [sorted[0].Narrow(axis, 0, count), sorted[1].Narrow(axis, 0, count).To(Device.Cpu)];
    }

    /// <summary>The differences of all pairs, between whose zeros the order stays the same.</summary>
    public override Tensor? Switches(in NodeCall call) =>
        call[0].IsFloatingPoint ? Kinks.Differences(call.Node, call[0], Choice(call).Axis) : null;

    /// <summary>The indices of the numbers chosen.</summary>
    public override Tensor? Pattern(in NodeCall call) => Run(call)[1];

    // A path may run through every number that the largest are chosen from.
    public override Tensor[]? Paths(PathCall call)
    {
        var (axis, count) = Choice(call.Call);
        var sums = call.Call[0].Sum([axis], keep: true);
        return [sums.Expand([.. sums.Shape.Select((size, i) => i == axis ? count : size)])];
    }

    // Numbers in order are no further apart than in any other order, and fewer of them no further.
    protected override double? Bound(LipschitzCall call) => call.InputBounds[0];

    private static (int Axis, long Count) Choice(in NodeCall call)
    {
        var x = call[0];
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -1), x.Dimensions);
        var count = call.Optional(1)?.ItemInt64() ?? call.Attributes.Int("k", 0);
        return count >= 0 && count <= x.Shape[axis]
            ? (axis, count)
            : throw new OccamException($"{call.Node} asks for the first {count} of {x.Shape[axis]} numbers");
    }
}

/// <summary>The indices of all elements that aren't zero: dimensions × elements.</summary>
internal sealed class NonZero : Operator
{
    public override string Type => "NonZero";

    public override Linearity Linearity => Linearity.Curved;

    public override bool IsStep(Node node, int input, int output) => true;

    public override Tensor[] Run(in NodeCall call)
    {
        var indices = call[0].NonZero().T().To(Device.Cpu);
        return [indices];
    }

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>One value at the class that an index names and another at all other classes, along a new axis.</summary>
internal sealed class OneHot : Operator
{
    public override string Type => "OneHot";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[0] ? Linearity.Curved : Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input < 2;

    public override bool Trains(int input) => false;

    public override Tensor[]? Paths(PathCall call) => call.OnPath[0] ? null : Run(call.Call);

    public override Tensor[] Run(in NodeCall call)
    {
        var (indices, classes, values) = (call[0].To(Device.Cpu).To(ScalarType.Int64), (long)call[1].Reshape([]).Item(), call[2]);
        Limits.CheckElements(call.Node, [.. indices.Shape, classes]);
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -1), indices.Dimensions + 1);
        var fromFront = (indices + Tensor.FromArray([classes])).Where(indices.LessThan(Tensor.FromArray([0L])), indices);
        var places = Tensor.Arange(0, classes, 1, ScalarType.Int64).Reshape([-1, .. Enumerable.Repeat(1L, indices.Dimensions - axis)]);
        var hot = fromFront.Unsqueeze(axis).EqualTo(places).To(values.Device);
        return [values.Select(0, 1).Where(hot, values.Select(0, 0))];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] > 0 ? null : call.InputBounds[2] * call.LinearNorm();
}
