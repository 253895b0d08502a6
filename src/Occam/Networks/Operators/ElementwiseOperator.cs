using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A function of one number, applied to each element.</summary>
internal abstract class ElementwiseOperator : Operator
{
    protected abstract Tensor Apply(in NodeCall call, Tensor x);

    /// <summary>The least upper bound of the derivative's magnitude, or null where there is none.</summary>
    protected abstract double? Steepest(in NodeCall call);

    /// <summary>The least c with |f(x) − f(0)| ≤ c |x|, where that is known to be below the steepest slope.</summary>
    protected virtual double? Growth(in NodeCall call) => Steepest(call);

    /// <summary>What |f(x)| is at most, whatever x is; null where it isn't bounded.</summary>
    protected virtual double? Most(in NodeCall call) => null;

    public sealed override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        if (!call.Dependent[0] || call.Dependent.Skip(1).Contains(true))
        {
            return [];
        }

        var (most, atZero) = (Most(call.Call), call.AtZero(this)[0].Abs());
        if (call.Sizes[0] is not { } size || Growth(call.Call) is not { } growth)
        {
            return most is { } limit ? [new ValueSize(Tensor.Full(atZero.Shape, limit, ScalarType.Float64))] : [];
        }

        var elements = (size.Elements * growth) + atZero;
        elements = most is null ? elements : elements.Clamp(null, most);
        return [atZero.Abs().Sum().Item() == 0 ? size.Changed(elements, growth) : new ValueSize(elements)];
    }

    /// <summary>
    /// Between which numbers the slope lies anywhere: by default those of the pieces, or the steepest slope both ways. A curve that never
    /// falls says so: bounds that know it are tighter.
    /// </summary>
    public override Interval? GlobalSlopes(in NodeCall call) =>
        Pieces(call) is { } pieces ? pieces.Range : Steepest(call) is { } slope ? new Interval(-slope, slope) : null;

    public sealed override Tensor[] Run(in NodeCall call) => [Apply(call, call[0])];

    public sealed override Tensor[]? Paths(PathCall call) =>
        call.OnPath[0] && Steepest(call.Call) is { } slope ? [call.Call[0] * call.Raise(slope)] : null;

    /// <summary>Between which numbers the slope lies on an interval of each element: by default those on all numbers.</summary>
    /// <returns>The limits; null where there are none.</returns>
    protected virtual SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        Pieces(call) is { } pieces ? SlopeRange.OfPieces(low, high, pieces)
        : GlobalSlopes(call) is { } slopes ? SlopeRange.Within(low, slopes.Low, slopes.High)
        : null;

    /// <summary>The pieces of a piecewise-affine function; null for any other.</summary>
    protected virtual AffinePieces? Pieces(in NodeCall call) => null;

    internal sealed override Enclosure[]? Enclose(EnclosureCall call)
    {
        if (call.Linearity == Linearity.Affine || !call.Depends(0) || call.Varying > 1)
        {
            return call.Linearity == Linearity.Affine ? call.Affine(this) : null;
        }

        var (node, x) = (call.At(1), call[0]);
        Tensor Function(Tensor z) => Apply(node with { Inputs = [z, .. node.Inputs[1..]] }, z);
        if (call.Space.Pieces is not null)
        {
            return Pieces(node) is { } pieces ? [EnclosedFunctions.Apply(call.Space, x, pieces, Function)] : null;
        }

        return Slopes(node with { Inputs = [x.Low, .. node.Inputs[1..]] }, x.Low, x.High) is { } slopes
            ? [EnclosedFunctions.Apply(call.Space, x, Function, slopes)]
            : null;
    }

    internal sealed override string WhyNotEnclosed(EnclosureCall call) =>
        "its slope has no known bound where its input lies, or it jumps";

    protected sealed override double? Bound(LipschitzCall call) => Steepest(call.Call) * call.InputBounds[0];
}
