using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>x above a threshold α and 0 up to it: a jump, unless α is 0.</summary>
internal sealed class ThresholdedRelu : ElementwiseOperator
{
    public override string Type => "ThresholdedRelu";

    // Between its jumps it is affine, and no measure that takes pieces for connected may see it.
    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Where(x.GreaterThan(Alpha(call)), Tensor.ZerosLike(x));

    protected override double? Steepest(in NodeCall call) => Alpha(call) == 0 ? 1 : null;

    private static double Alpha(in NodeCall call) => call.Attributes.Float("alpha", 1);
}

/// <summary>
/// 0 up to a threshold λ on both sides, and beyond it x moved towards zero by a bias: a jump, unless the two are the same.
/// </summary>
internal sealed class Shrink : ElementwiseOperator
{
    public override string Type => "Shrink";

    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var (threshold, bias) = Limits(call);
        var zero = Tensor.ZerosLike(x);
        return (x - bias).Where(x.GreaterThan(threshold), zero) + (x + bias).Where((-x).GreaterThan(threshold), zero);
    }

    protected override double? Steepest(in NodeCall call) => Limits(call) is var (threshold, bias) && threshold == bias ? 1 : null;

    private static (double Threshold, double Bias) Limits(in NodeCall call) =>
        (call.Attributes.Float("lambd", 0.5), call.Attributes.Float("bias", 0));
}
