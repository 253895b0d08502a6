using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// What comes of all numbers along an axis up to each: with itself or <c>exclusive</c>, from the front or in <c>reverse</c>.
/// </summary>
internal abstract class Accumulation : Operator
{
    public sealed override int LeastInputs => 2;

    public sealed override bool Trains(int input) => input == 0;

    public sealed override bool IsStep(Node node, int input, int output) => input == 1;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var axis = Axes.Find(call.Node, call[1].ItemInt64(), x.Dimensions);
        var reverse = call.Attributes.Int("reverse", 0) != 0;
        var ordered = reverse ? x.Flip(axis) : x;
        if (call.Attributes.Int("exclusive", 0) != 0 && x.Shape[axis] > 0)
        {
            var start = Tensor.Full([.. x.Shape.Select((size, i) => i == axis ? 1 : size)], Start, x.ScalarType, x.Device);
            ordered = Tensor.Cat([start, ordered.Narrow(axis, 0, x.Shape[axis] - 1)], axis);
        }

        var accumulated = Accumulate(ordered, axis);
        return [reverse ? accumulated.Flip(axis) : accumulated];
    }

    /// <summary>What comes of no numbers.</summary>
    protected abstract double Start { get; }

    protected abstract Tensor Accumulate(Tensor x, int axis);
}

/// <summary>The sums of all numbers along an axis up to each.</summary>
internal sealed class CumSum : Accumulation
{
    public override string Type => "CumSum";

    public override Linearity Linearity => Linearity.Affine;

    public override Tensor[]? Paths(PathCall call) => Run(call.Call);

    protected override double Start => 0;

    protected override Tensor Accumulate(Tensor x, int axis) => x.CumulativeSum(axis);

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] * call.LinearNorm();
}

/// <summary>The products of all numbers along an axis up to each.</summary>
internal sealed class CumProd : Accumulation
{
    public override string Type => "CumProd";

    public override Linearity Linearity => Linearity.Curved;

    protected override double Start => 1;

    protected override Tensor Accumulate(Tensor x, int axis) => x.CumulativeProduct(axis);

    protected override double? Bound(LipschitzCall call) => null;
}
