namespace Occam.Torch;

/// <content>Element-wise arithmetic, with broadcasting, and comparison.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_abs = new("aten::abs");
    private static readonly TorchOperator s_addcmulOut = new("aten::addcmul.out");
    private static readonly TorchOperator s_addOut = new("aten::add.out");
    private static readonly TorchOperator s_addScalar = new("aten::add.Scalar");
    private static readonly TorchOperator s_addTensor = new("aten::add.Tensor");
    private static readonly TorchOperator s_addInPlace = new("aten::add_.Tensor");
    private static readonly TorchOperator s_clamp = new("aten::clamp");
    private static readonly TorchOperator s_clampInPlace = new("aten::clamp_.Tensor");
    private static readonly TorchOperator s_clampTensor = new("aten::clamp.Tensor");
    private static readonly TorchOperator s_ceil = new("aten::ceil");
    private static readonly TorchOperator s_copy = new("aten::copy_");
    private static readonly TorchOperator s_divScalar = new("aten::div.Scalar");
    private static readonly TorchOperator s_divTensor = new("aten::div.Tensor");
    private static readonly TorchOperator s_divTensorMode = new("aten::div.Tensor_mode");
    private static readonly TorchOperator s_eqTensor = new("aten::eq.Tensor");
    private static readonly TorchOperator s_erf = new("aten::erf");
    private static readonly TorchOperator s_exp = new("aten::exp");
    private static readonly TorchOperator s_floor = new("aten::floor");
    private static readonly TorchOperator s_geTensor = new("aten::ge.Tensor");
    private static readonly TorchOperator s_gtScalar = new("aten::gt.Scalar");
    private static readonly TorchOperator s_gtTensor = new("aten::gt.Tensor");
    private static readonly TorchOperator s_isfinite = new("aten::isfinite");
    private static readonly TorchOperator s_leTensor = new("aten::le.Tensor");
    private static readonly TorchOperator s_log = new("aten::log");
    private static readonly TorchOperator s_logicalAnd = new("aten::logical_and");
    private static readonly TorchOperator s_logicalNot = new("aten::logical_not");
    private static readonly TorchOperator s_logicalOr = new("aten::logical_or");
    private static readonly TorchOperator s_ltTensor = new("aten::lt.Tensor");
    private static readonly TorchOperator s_maximum = new("aten::maximum");
    private static readonly TorchOperator s_minimum = new("aten::minimum");
    private static readonly TorchOperator s_mulScalar = new("aten::mul.Scalar");
    private static readonly TorchOperator s_mulInPlace = new("aten::mul_.Scalar");
    private static readonly TorchOperator s_mulTensor = new("aten::mul.Tensor");
    private static readonly TorchOperator s_neg = new("aten::neg");
    private static readonly TorchOperator s_powTensorScalar = new("aten::pow.Tensor_Scalar");
    private static readonly TorchOperator s_remainder = new("aten::remainder.Tensor");
    private static readonly TorchOperator s_truncatedRemainder = new("aten::fmod.Tensor");
    private static readonly TorchOperator s_powTensorTensor = new("aten::pow.Tensor_Tensor");
    private static readonly TorchOperator s_reciprocal = new("aten::reciprocal");
    private static readonly TorchOperator s_sign = new("aten::sign");
    private static readonly TorchOperator s_atan = new("aten::atan");
    private static readonly TorchOperator s_cos = new("aten::cos");
    private static readonly TorchOperator s_round = new("aten::round");
    private static readonly TorchOperator s_sin = new("aten::sin");
    private static readonly TorchOperator s_sqrt = new("aten::sqrt");
    private static readonly TorchOperator s_square = new("aten::square");
    private static readonly TorchOperator s_subScalar = new("aten::sub.Scalar");
    private static readonly TorchOperator s_subTensor = new("aten::sub.Tensor");
    private static readonly TorchOperator s_whereSelf = new("aten::where.self");
    private static readonly TorchOperator s_zero = new("aten::zero_");

    /// <summary>The sum.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => s_addTensor.Call(left, right);

    /// <summary>The sum with a number.</summary>
    public static Tensor operator +(Tensor left, double right) => s_addScalar.Call(left, right);

    /// <summary>The difference.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => s_subTensor.Call(left, right);

    /// <summary>The difference from a number.</summary>
    public static Tensor operator -(Tensor left, double right) => s_subScalar.Call(left, right);

    /// <summary>The negative.</summary>
    public static Tensor operator -(Tensor operand) => s_neg.Call(operand);

    /// <summary>The element-wise product.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => s_mulTensor.Call(left, right);

    /// <summary>The product with a number.</summary>
    public static Tensor operator *(Tensor left, double right) => s_mulScalar.Call(left, right);

    /// <summary>The quotient.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => s_divTensor.Call(left, right);

    /// <summary>The quotient by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => s_divScalar.Call(left, right);

    /// <summary>The quotient rounded (<c>trunc</c> or <c>floor</c>).</summary>
    public Tensor Divide(Tensor divisor, string rounding) => s_divTensorMode.Call(this, divisor, rounding);

    /// <summary>What is left of a division, with the divisor's sign.</summary>
    public Tensor Remainder(Tensor divisor) => s_remainder.Call(this, divisor);

    /// <summary>What is left of a division, with the dividend's sign.</summary>
    public Tensor TruncatedRemainder(Tensor divisor) => s_truncatedRemainder.Call(this, divisor);

    /// <summary>Each element to the power of an exponent.</summary>
    public Tensor Pow(Tensor exponent) => s_powTensorTensor.Call(this, exponent);

    /// <summary>Each element to the power of a number.</summary>
    public Tensor Pow(double exponent) => s_powTensorScalar.Call(this, exponent);

    /// <summary>The square.</summary>
    public Tensor Square() => s_square.Call(this);

    /// <summary>The square root.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>The exponential.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => s_erf.Call(this);

    /// <summary>The absolute value.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>The sign: −1, 0 or 1.</summary>
    public Tensor Sign() => s_sign.Call(this);

    /// <summary>The reciprocal.</summary>
    public Tensor Reciprocal() => s_reciprocal.Call(this);

    /// <summary>The larger of the two.</summary>
    public Tensor Maximum(Tensor other) => s_maximum.Call(this, other);

    /// <summary>The smaller of the two.</summary>
    public Tensor Minimum(Tensor other) => s_minimum.Call(this, other);

    /// <summary>The elements limited to [minimum, maximum]; null leaves a side open.</summary>
    public Tensor Clamp(double? minimum, double? maximum) =>
        s_clamp.Call(this, minimum is { } a ? a : Argument.None, maximum is { } b ? b : Argument.None);

    /// <summary>The elements limited to [minimum, maximum], which are broadcast; null leaves a side open, but not both.</summary>
    public Tensor Clamp(Tensor? minimum, Tensor? maximum) => s_clampTensor.Call(this, minimum, maximum);

    /// <summary>The largest whole number that is not larger.</summary>
    public Tensor Floor() => s_floor.Call(this);

    /// <summary>The nearest whole number, of two the even one.</summary>
    public Tensor Round() => s_round.Call(this);

    /// <summary>The sine.</summary>
    public Tensor Sin() => s_sin.Call(this);

    /// <summary>The cosine.</summary>
    public Tensor Cos() => s_cos.Call(this);

    /// <summary>The arc tangent.</summary>
    public Tensor Atan() => s_atan.Call(this);

    /// <summary>The smallest whole number that is not smaller.</summary>
    public Tensor Ceiling() => s_ceil.Call(this);

    /// <summary>Whether the elements are equal.</summary>
    public Tensor EqualTo(Tensor other) => s_eqTensor.Call(this, other);

    /// <summary>Whether each element is less.</summary>
    public Tensor LessThan(Tensor other) => s_ltTensor.Call(this, other);

    /// <summary>Whether each element is greater.</summary>
    public Tensor GreaterThan(Tensor other) => s_gtTensor.Call(this, other);

    /// <summary>Whether each element is greater than a number.</summary>
    public Tensor GreaterThan(double other) => s_gtScalar.Call(this, other);

    /// <summary>Whether each element is less or equal.</summary>
    public Tensor LessOrEqual(Tensor other) => s_leTensor.Call(this, other);

    /// <summary>Whether each element is greater or equal.</summary>
    public Tensor GreaterOrEqual(Tensor other) => s_geTensor.Call(this, other);

    /// <summary>Whether both are true.</summary>
    public Tensor And(Tensor other) => s_logicalAnd.Call(this, other);

    /// <summary>Whether any of the two is true.</summary>
    public Tensor Or(Tensor other) => s_logicalOr.Call(this, other);

    /// <summary>Whether each element is false.</summary>
    public Tensor Not() => s_logicalNot.Call(this);

    /// <summary>Whether each element is a finite number.</summary>
    public Tensor IsFinite() => s_isfinite.Call(this);

    /// <summary>This where the condition holds, the other elsewhere.</summary>
    public Tensor Where(Tensor condition, Tensor other) => s_whereSelf.Call(condition, this, other);

    /// <summary>Moves every element into its limits in place; returns itself.</summary>
    public Tensor ClampInPlace(Tensor minimum, Tensor maximum) => s_clampInPlace.Call(this, minimum, maximum);

    /// <summary>Adds factor · other in place; returns itself.</summary>
    public Tensor AddInPlace(Tensor other, double factor = 1) => s_addInPlace.Call(this, other, factor);

    /// <summary>Multiplies by a number in place; returns itself.</summary>
    public Tensor MultiplyInPlace(double factor) => s_mulInPlace.Call(this, factor);

    /// <summary>Sets this to start + factor · step in place; returns itself.</summary>
    public Tensor SetToSum(Tensor start, Tensor step, double factor = 1)
    {
        // The result is a handle of its own on this very tensor.
        s_addOut.Call(start, step, factor, this).Dispose();
        return this;
    }

    /// <summary>Sets this to start + factor · step · scale, element by element and in place; returns itself.</summary>
    public Tensor SetToSum(Tensor start, Tensor step, Tensor scale, double factor = 1)
    {
        s_addcmulOut.Call(start, step, scale, factor, this).Dispose();
        return this;
    }

    /// <summary>Sets every element to zero in place; returns itself.</summary>
    public Tensor ZeroInPlace() => s_zero.Call(this);

    /// <summary>Copies the elements of another tensor into this one; returns itself.</summary>
    public Tensor CopyInPlace(Tensor source) => s_copy.Call(this, source);
}
