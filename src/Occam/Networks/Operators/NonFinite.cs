using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Whether an element is none of the finite numbers, among which the answer is no everywhere: a constant in the data.
/// </summary>
internal abstract class NonFinite : Operator
{
    public sealed override Linearity Linearity => Linearity.PiecewiseAffine;

    public sealed override bool IsStep(Node node, int input, int output) => true;

    public sealed override bool Trains(int input) => false;

    protected sealed override double? Bound(LipschitzCall call) => 0;
}

/// <summary>Whether an element is no number.</summary>
internal sealed class IsNaN : NonFinite
{
    public override string Type => "IsNaN";

    public override Tensor[] Run(in NodeCall call) => [call[0].IsNaN()];
}

/// <summary>Whether an element is infinite, of one sign or any.</summary>
internal sealed class IsInf : NonFinite
{
    public override string Type => "IsInf";

    public override Tensor[] Run(in NodeCall call)
    {
        var (infinite, positive) = (call[0].IsInfinite(), call[0].GreaterThan(0));
        var (above, below) = (call.Attributes.Int("detect_positive", 1) != 0, call.Attributes.Int("detect_negative", 1) != 0);
        return [above && below ? infinite
            : above ? infinite.And(positive)
            : below ? infinite.And(positive.Not())
            : infinite.And(infinite.Not())];
    }
}
