using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A function of one number, applied to each element.</summary>
internal abstract class ElementwiseOperator : Operator
{
    protected abstract Tensor Apply(in NodeCall call, Tensor x);

    /// <summary>The least upper bound of the derivative's magnitude, or null where there is none.</summary>
    protected abstract double? Steepest(in NodeCall call);

    public sealed override Tensor[] Run(in NodeCall call) => [Apply(call, call[0])];

    public sealed override Tensor[]? Paths(PathCall call) =>
        call.OnPath[0] && Steepest(call.Call) is { } slope ? [call.Call[0] * call.Raise(slope)] : null;

    protected sealed override double? Bound(LipschitzCall call) => Steepest(call.Call) * call.InputBounds[0];
}
