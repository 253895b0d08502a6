using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A smooth function of each element of ONNX Runtime's operator set.</summary>
internal abstract class MicrosoftActivation : CurvedActivation
{
    public sealed override string Domain => Domains.Microsoft;
}

/// <summary>x Φ(x), of before ONNX had it.</summary>
internal sealed class MicrosoftGelu : MicrosoftActivation
{
    public override string Type => "Gelu";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Gelu("none");

    protected override double? Steepest(in NodeCall call) => Gelu.SteepestExact;

    public override Interval? GlobalSlopes(in NodeCall call) => Gelu.Range(Gelu.SteepestExact);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) => Gelu.SlopesExact(low, high);
}

/// <summary>x Φ(x), approximated by tanh. A bias that a file gives it is added before, by a node of its own.</summary>
internal sealed class FastGelu : MicrosoftActivation
{
    public override string Type => "FastGelu";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Gelu("tanh");

    protected override double? Steepest(in NodeCall call) => Gelu.SteepestByTanh;

    public override Interval? GlobalSlopes(in NodeCall call) => Gelu.Range(Gelu.SteepestByTanh);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) => Gelu.SlopesByTanh(low, high);
}

/// <summary>x σ(α x).</summary>
internal sealed class QuickGelu : SigmoidLinearUnit
{
    public override string Domain => Domains.Microsoft;

    public override string Type => "QuickGelu";

    protected override double DefaultAlpha => 1.702;
}
