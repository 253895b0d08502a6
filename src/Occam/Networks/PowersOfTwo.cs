using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Rounding to the powers of two that 8 bits of exponent hold (E8M0, of the OCP Microscaling formats v1.0, §5.4.1), as ONNX's Cast does
/// it: by the magnitude alone, for there is no sign; zero becomes the least of them.
/// </summary>
internal static class PowersOfTwo
{
    /// <summary>ONNX's number for the type.</summary>
    public const long Type = 24;

    private const int Least = -127;
    private const int Greatest = 127;

    /// <summary>The numbers rounded, of the same type and on the same device; no derivative passes.</summary>
    /// <param name="numbers">The numbers; those that are infinite become no number.</param>
    /// <param name="limited">Whether what lies beyond the largest becomes it (<c>saturate</c>), and not no number.</param>
    /// <param name="mode">Where to: <c>up</c>, <c>down</c>, or <c>nearest</c>, halfway up (<c>round_mode</c>).</param>
    /// <exception cref="OccamException">ONNX has no such mode.</exception>
    public static Tensor Round(Tensor numbers, bool limited, string mode)
    {
        // Of a significand from 1 to below 2: from where on it is rounded up.
        var up = mode switch
        {
            "up" => Math.BitIncrement(1.0),
            "nearest" => 1.5,
            "down" => 2,
            _ => throw new OccamException($"the rounding '{PrintableText.Short(mode)}' is none that ONNX has: expected up, down or "
                + "nearest"),
        };
        using var grad = Libtorch.NoGrad();
        var rounded = Array.ConvertAll(numbers.To(ScalarType.Float64).ToArray<double>(), x => Round(Math.Abs(x), limited, up));
        return Tensor.FromArray(rounded, numbers.Shape).To(numbers.ScalarType).To(numbers.Device);
    }

    private static double Round(double magnitude, bool limited, double up)
    {
        if (!double.IsFinite(magnitude))
        {
            return double.NaN;
        }

        var exponent = magnitude == 0 ? Least : Math.ILogB(magnitude);
        if (exponent >= Least && Math.ScaleB(magnitude, -exponent) >= up)
        {
            exponent++;
        }

        return exponent <= Greatest ? Math.ScaleB(1, Math.Max(exponent, Least))
            : limited ? Math.ScaleB(1, Greatest)
            : double.NaN;
    }
}
