using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The tangent, in radians.</summary>
internal sealed class Tan : SteepFunction
{
    public override string Type => "Tan";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Tan();
}

/// <summary>The arc sine, in radians, of numbers from −1 to 1.</summary>
internal sealed class Asin : SteepFunction
{
    public override string Type => "Asin";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Asin();
}

/// <summary>The arc cosine, in radians, of numbers from −1 to 1.</summary>
internal sealed class Acos : SteepFunction
{
    public override string Type => "Acos";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Acos();
}

/// <summary>The hyperbolic sine.</summary>
internal sealed class Sinh : SteepFunction
{
    public override string Type => "Sinh";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Sinh();
}

/// <summary>The hyperbolic cosine.</summary>
internal sealed class Cosh : SteepFunction
{
    public override string Type => "Cosh";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Cosh();
}

/// <summary>The inverse of the hyperbolic cosine, of numbers from 1 on.</summary>
internal sealed class Acosh : SteepFunction
{
    public override string Type => "Acosh";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Acosh();
}

/// <summary>The inverse of the hyperbolic tangent, of numbers between −1 and 1.</summary>
internal sealed class Atanh : SteepFunction
{
    public override string Type => "Atanh";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Atanh();
}

/// <summary>The inverse of the hyperbolic sine.</summary>
internal sealed class Asinh : CurvedActivation
{
    public override string Type => "Asinh";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Asinh();

    protected override double? Steepest(in NodeCall call) => 1;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 1);
}
