using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Rounding to floating-point numbers of 4 or 8 bits, as ONNX's casts and quantizations do it: to the nearest, halves to the even one,
/// down to the smallest numbers below the least exponent.
/// </summary>
/// <param name="Significand">Bits of the significand that are stored.</param>
/// <param name="Bias">What is added to the exponent.</param>
/// <param name="Largest">The largest number.</param>
/// <param name="HasInfinity">Whether what is larger, where it isn't limited, is infinite; else it is no number.</param>
internal sealed record SmallFloat(int Significand, int Bias, double Largest, bool HasInfinity)
{
    private const long E4M3FN = 17;
    private const long E4M3FNUZ = 18;
    private const long E5M2 = 19;
    private const long E5M2FNUZ = 20;
    private const long E2M1 = 23;

    /// <summary>The rounding to one of ONNX's types, by its number; null where it is no type of these.</summary>
    public static SmallFloat? Of(long type) => type switch
    {
        E4M3FN => new(3, 7, 448, HasInfinity: false),
        E4M3FNUZ => new(3, 8, 240, HasInfinity: false),
        E5M2 => new(2, 15, 57344, HasInfinity: true),
        E5M2FNUZ => new(2, 16, 57344, HasInfinity: false),
        E2M1 => new(1, 1, 6, HasInfinity: false),
        _ => null,
    };

    /// <summary>The numbers rounded, of the same type and on the same device; no derivative passes.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="limited">Whether what lies beyond the largest number becomes it (<c>saturate</c>).</param>
    public Tensor Round(Tensor numbers, bool limited)
    {
        using var grad = Libtorch.NoGrad();
        var rounded = Array.ConvertAll(numbers.To(ScalarType.Float64).ToArray<double>(), x => Round(x, limited));
        return Tensor.FromArray(rounded, numbers.Shape).To(numbers.ScalarType).To(numbers.Device);
    }

    private double Round(double x, bool limited)
    {
        if (double.IsNaN(x) || x == 0)
        {
            return x;
        }

        var unit = double.IsInfinity(x) ? 1 : Math.ScaleB(1, Math.Max(Math.ILogB(x), 1 - Bias) - Significand);
        var rounded = Math.Round(x / unit, MidpointRounding.ToEven) * unit;
        return Math.Abs(rounded) <= Largest ? rounded
            : limited ? Math.CopySign(Largest, x)
            : HasInfinity ? Math.CopySign(double.PositiveInfinity, x)
            : double.NaN;
    }
}
