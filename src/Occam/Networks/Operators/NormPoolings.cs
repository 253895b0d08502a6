using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The ℓ_p norm of each window, with zeros as padding.</summary>
internal sealed class LpPool : Operator
{
    public override string Type => "LpPool";

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call)
    {
        var window = Window.Of(call);
        return [window.Unfold(window.Pad(call.Node, call[0], 0)).PNorm(PNorms.Power(call), [2])];
    }

    // As of a maximum: a number counts in each window it lies in.
    protected override double? Bound(LipschitzCall call)
    {
        var window = Window.Of(call.Call);
        return call.Largest * PNorms.Steepest(call.Call, Axes.Product(window.Size))
            * Math.Sqrt(window.MostOverlap(call.Call[0].Shape[2..]));
    }
}

/// <summary>The ℓ_p norm over space, by example and channel.</summary>
internal sealed class GlobalLpPool : Operator
{
    public override string Type => "GlobalLpPool";

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call) => [call[0].PNorm(PNorms.Power(call), GlobalPooling.Space(call), keep: true)];

    protected override double? Bound(LipschitzCall call) =>
        call.Largest * PNorms.Steepest(call.Call, Axes.Product(call.Call[0].Shape.AsSpan(2)));
}

/// <summary>The input over its ℓ_1 or ℓ_2 norm along an axis; 0 where that is 0. Steep without bound there.</summary>
internal sealed class LpNormalization : Operator
{
    public override string Type => "LpNormalization";

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -1), x.Dimensions);
        var norm = x.PNorm(PNorms.Power(call), [axis], keep: true);
        return [x / norm.Where(norm.GreaterThan(0), Tensor.OnesLike(norm))];
    }

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>The p of ℓ_p norms.</summary>
internal static class PNorms
{
    /// <exception cref="OccamException">It is less than 1.</exception>
    public static double Power(in NodeCall call) => call.Attributes.Int("p", 2) is >= 1 and var p
        ? p
        : throw new OccamException($"{call.Node} has p {call.Attributes.Int("p", 2)}: expected at least 1");

    /// <summary>
    /// The largest ℓ_2 norm of the gradient of an ℓ_p norm of n numbers: its ℓ_q norm is 1, 1/p + 1/q = 1, and its ℓ_2 norm at most that
    /// where q ≤ 2, n^(1/p − 1/2) elsewhere.
    /// </summary>
    public static double Steepest(in NodeCall call, long count) =>
        Power(call) is >= 2 ? 1 : Math.Pow(count, (1 / Power(call)) - 0.5);
}
