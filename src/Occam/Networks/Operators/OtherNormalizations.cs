using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>x / (k + α/n Σ x²)^β, the sum running over the channel and its neighbours, n of them.</summary>
internal sealed class LRN : Operator
{
    public override string Type => "LRN";

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var (size, alpha, beta, bias) = Constants(call);
        var before = (size - 1) / 2;
        long[] pads = [.. Enumerable.Repeat(0L, 2 * (x.Dimensions - 2)), before, size - 1 - before];
        Limits.CheckElements(call.Node, [.. x.Shape, size]);
        var sums = x.Square().PadConstant(pads, 0).UnfoldAlong(1, size, 1).Sum([x.Dimensions]);
        return [x / ((sums * (alpha / size)) + bias).Pow(beta)];
    }

    /// <summary>
    /// With s = k + α/n Σ x² ≥ k, the derivative s^−β I − (2αβ/n) s^(−β−1) x_c x_jᵀ has rows of n numbers whose second part is at
    /// most 2β (s − k)/s · s^−β long, so that it is at most √n times that in norm.
    /// </summary>
    protected override double? Bound(LipschitzCall call)
    {
        var (size, alpha, beta, bias) = Constants(call.Call);
        return bias > 0 && alpha >= 0 && beta >= 0
            ? call.InputBounds[0] * Math.Pow(bias, -beta) * (1 + (2 * beta * Math.Sqrt(size)))
            : null;
    }

    private static (long Size, double Alpha, double Beta, double Bias) Constants(in NodeCall call)
    {
        var (attributes, size) = (call.Attributes, call.Attributes.Int("size", 0));
        return size >= 1 && size <= Limits.MostElements && call[0].Dimensions > 1
            ? (size, attributes.Float("alpha", 1e-4), attributes.Float("beta", 0.75), attributes.Float("bias", 1))
            : throw new OccamException($"{call.Node} sums over {size} channels of an input of {call[0].Dimensions} dimensions: "
                + "expected at least 1, and batch × channels");
    }
}

/// <summary>(x − mean) / (standard deviation + 10⁻⁹) over some axes, by default over all but the channels.</summary>
internal sealed class MeanVarianceNormalization : Operator
{
    private const double Epsilon = 1e-9;

    public override string Type => "MeanVarianceNormalization";

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var named = call.Attributes.Ints("axes") ?? [0, 2, 3];
        var axes = Array.ConvertAll(Axes.FindAll(call.Node, named, x.Dimensions), axis => (long)axis);
        var centred = x - x.Mean(axes, keep: true);
        return [centred / (centred.Square().Mean(axes, keep: true).Sqrt() + Epsilon)];
    }

    // As in a normalization by √(variance + ε): (I − 11ᵀ/n) / (σ + ε) less a part along z, reached where the numbers are all alike.
    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] / Epsilon;
}
