using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// Squared norms of tensors, ‖t‖². Squares are summed in float32, which is fast; where a sum leaves the range in which float32 holds
/// squares well (of norms above 10¹⁹ or below 10⁻¹²), they are summed again in float64: none becomes infinite, or zero, by squaring.
/// </summary>
internal static class SumOfSquares
{
    // A sum above it loses squares below 10⁻⁴⁵ to zero: of a billion numbers, a millionth of a millionth.
    private const double Least = 1e-24;

    // Numbers of a tensor from which its squares are summed by parts.
    private const long MostAtOnce = 1L << 22;

    /// <summary>The squared norm of a tensor.</summary>
    public static double Of(Tensor tensor)
    {
        using var scope = Libtorch.NewDisposeScope();
        return tensor.Elements > MostAtOnce ? WideSum.Of(tensor, part => part.Square()) : ByExample(tensor.Unsqueeze(0))[0];
    }

    /// <summary>The squared norm of each example's part of a tensor.</summary>
    /// <param name="part">The tensor, its first dimension the examples.</param>
    public static double[] ByExample(Tensor part)
    {
        using var scope = Libtorch.NewDisposeScope();
        var squares = Narrow(part).ToArray<double>();
        return part.ScalarType == ScalarType.Float64 ? squares : InRange(squares, () => Wide(part).ToArray<double>());
    }

    /// <summary>Squared norms of which those that float32 can't hold the squares of are taken from a computation that can.</summary>
    /// <param name="squares">What float32 gave.</param>
    /// <param name="wide">The same in float64.</param>
    public static double[] InRange(double[] squares, Func<double[]> wide) => Array.TrueForAll(squares, IsInRange)
        ? squares
        : [.. squares.Zip(wide(), (narrow, exact) => IsInRange(narrow) ? narrow : exact)];

    /// <summary>The squared norms by the tensor's own precision, float32 at least.</summary>
    public static Tensor Narrow(Tensor part)
    {
        var flat = part.Flatten(1);
        return (flat.ScalarType == ScalarType.Float64 ? flat : flat.To(ScalarType.Float32)).Square().Sum([1]).To(ScalarType.Float64);
    }

    /// <summary>The same in float64.</summary>
    public static Tensor Wide(Tensor part) => part.Flatten(1).To(ScalarType.Float64).Square().Sum([1]);

    // A zero may be squares that vanished.
    private static bool IsInRange(double square) => square > Least && double.IsFinite(square);
}
