namespace Occam.Torch;

/// <content>Functions of single elements that networks have seldom, and bits.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_acos = new("aten::acos");
    private static readonly TorchOperator s_acosh = new("aten::acosh");
    private static readonly TorchOperator s_asin = new("aten::asin");
    private static readonly TorchOperator s_asinh = new("aten::asinh");
    private static readonly TorchOperator s_atanh = new("aten::atanh");
    private static readonly TorchOperator s_bitwiseAnd = new("aten::bitwise_and.Tensor");
    private static readonly TorchOperator s_bitwiseNot = new("aten::bitwise_not");
    private static readonly TorchOperator s_bitwiseOr = new("aten::bitwise_or.Tensor");
    private static readonly TorchOperator s_bitwiseXor = new("aten::bitwise_xor.Tensor");
    private static readonly TorchOperator s_cosh = new("aten::cosh");
    private static readonly TorchOperator s_isinf = new("aten::isinf");
    private static readonly TorchOperator s_isnan = new("aten::isnan");
    private static readonly TorchOperator s_logicalXor = new("aten::logical_xor");
    private static readonly TorchOperator s_shiftLeft = new("aten::bitwise_left_shift.Tensor");
    private static readonly TorchOperator s_shiftRight = new("aten::bitwise_right_shift.Tensor");
    private static readonly TorchOperator s_sinh = new("aten::sinh");
    private static readonly TorchOperator s_tan = new("aten::tan");

    /// <summary>The tangent.</summary>
    public Tensor Tan() => s_tan.Call(this);

    /// <summary>The arc sine.</summary>
    public Tensor Asin() => s_asin.Call(this);

    /// <summary>The arc cosine.</summary>
    public Tensor Acos() => s_acos.Call(this);

    /// <summary>The hyperbolic sine.</summary>
    public Tensor Sinh() => s_sinh.Call(this);

    /// <summary>The hyperbolic cosine.</summary>
    public Tensor Cosh() => s_cosh.Call(this);

    /// <summary>The inverse of the hyperbolic sine.</summary>
    public Tensor Asinh() => s_asinh.Call(this);

    /// <summary>The inverse of the hyperbolic cosine.</summary>
    public Tensor Acosh() => s_acosh.Call(this);

    /// <summary>The inverse of the hyperbolic tangent.</summary>
    public Tensor Atanh() => s_atanh.Call(this);

    /// <summary>Where the elements are no numbers.</summary>
    public Tensor IsNaN() => s_isnan.Call(this);

    /// <summary>Where the elements are infinite.</summary>
    public Tensor IsInfinite() => s_isinf.Call(this);

    /// <summary>Whether exactly one holds.</summary>
    public Tensor Xor(Tensor other) => s_logicalXor.Call(this, other);

    /// <summary>The bits that both have.</summary>
    public Tensor BitAnd(Tensor other) => s_bitwiseAnd.Call(this, other);

    /// <summary>The bits that any of the two has.</summary>
    public Tensor BitOr(Tensor other) => s_bitwiseOr.Call(this, other);

    /// <summary>The bits that exactly one has.</summary>
    public Tensor BitXor(Tensor other) => s_bitwiseXor.Call(this, other);

    /// <summary>The bits moved up by so many places.</summary>
    public Tensor ShiftLeft(Tensor other) => s_shiftLeft.Call(this, other);

    /// <summary>The bits moved down by so many places.</summary>
    public Tensor ShiftRight(Tensor other) => s_shiftRight.Call(this, other);

    /// <summary>The bits that are not set.</summary>
    public Tensor BitNot() => s_bitwiseNot.Call(this);
}
