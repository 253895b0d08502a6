using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The determinants of the matrices in the last two dimensions.</summary>
internal sealed class Det : Operator
{
    public override string Type => "Det";

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call) => [call[0].Determinant()];

    protected override double? Bound(LipschitzCall call) => null;
}
