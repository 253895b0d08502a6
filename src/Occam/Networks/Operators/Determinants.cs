using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The determinants of the matrices in the last two dimensions.</summary>
internal sealed class Det : Operator
{
    public override string Type => "Det";

    public override Linearity Linearity => Linearity.Curved;

    // libtorch has none in half the bits.
    public override Tensor[] Run(in NodeCall call) => call[0].ScalarType is ScalarType.Float32 or ScalarType.Float64
        ? [call[0].Determinant()]
        : [call[0].To(ScalarType.Float32).Determinant().To(call[0].ScalarType)];

    protected override double? Bound(LipschitzCall call) => null;
}
