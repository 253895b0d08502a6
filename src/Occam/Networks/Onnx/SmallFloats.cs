namespace Occam.Networks.Onnx;

/// <summary>What floating-point numbers of 4 and 8 bits are worth, as ONNX defines them.</summary>
internal static class SmallFloats
{
    /// <summary>1 bit of sign, 4 of exponent, 3 of significand; no infinities, and NaN is all ones.</summary>
    public static float E4M3FN(byte bits) => (bits & 0x7F) == 0x7F ? float.NaN : Value(bits, significand: 3, bias: 7);

    /// <summary>The same with the exponent one lower; no infinities and no negative zero, whose bits are NaN.</summary>
    public static float E4M3FNUZ(byte bits) => bits == 0x80 ? float.NaN : Value(bits, significand: 3, bias: 8);

    /// <summary>1 bit of sign, 5 of exponent, 2 of significand: the upper half of a half.</summary>
    public static float E5M2(byte bits) => (bits & 0x7F) switch
    {
        0x7C => bits < 0x80 ? float.PositiveInfinity : float.NegativeInfinity,
        > 0x7C => float.NaN,
        _ => Value(bits, significand: 2, bias: 15),
    };

    /// <summary>The same with the exponent one lower; no infinities and no negative zero, whose bits are NaN.</summary>
    public static float E5M2FNUZ(byte bits) => bits == 0x80 ? float.NaN : Value(bits, significand: 2, bias: 16);

    /// <summary>8 bits of exponent: powers of two.</summary>
    public static float E8M0(byte bits) => bits == 0xFF ? float.NaN : MathF.ScaleB(1, bits - 127);

    /// <summary>1 bit of sign, 2 of exponent, 1 of significand, in the lower half of a byte.</summary>
    public static float E2M1(int bits) => Value((byte)((bits & 7) | ((bits & 8) << 4)), significand: 1, bias: 1);

    private static float Value(byte bits, int significand, int bias)
    {
        var (exponent, fraction) = ((bits & 0x7F) >> significand, bits & ((1 << significand) - 1));
        var magnitude = exponent == 0
            ? MathF.ScaleB(fraction, 1 - bias - significand)
            : MathF.ScaleB(fraction + (1 << significand), exponent - bias - significand);
        return bits < 0x80 ? magnitude : -magnitude;
    }
}
