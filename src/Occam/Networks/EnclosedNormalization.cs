using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// (x − mean)/√(variance + ε) of enclosures, or x/√(mean of x² + ε), put together from squares, a root and a product.
/// </summary>
internal static class EnclosedNormalization
{
    /// <summary>The normalized value; null where ε doesn't keep the divisor from 0.</summary>
    /// <param name="space">What enclosures have in common.</param>
    /// <param name="x">The value.</param>
    /// <param name="dimensions">How many of its last dimensions are normalized together.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="isCentered">Whether the mean is taken off.</param>
    public static Enclosure? Of(EnclosureSpace space, Enclosure x, int dimensions, double epsilon, bool isCentered)
    {
        if (epsilon <= 0 || dimensions < 1)
        {
            return null;
        }

        var flat = x.Changed(one => one.Flatten(one.Dimensions - dimensions), all => all.Flatten(all.Dimensions - dimensions));
        var n = (double)flat.Middle.Size(-1);
        var share = Tensor.Full([], 1 / n, ScalarType.Float64);
        Enclosure Mean(Enclosure value) => EnclosedMaps.Line(space, EnclosedMaps.Total(space, value, -1, keep: true), share, null);
        var centered = isCentered
            ? EnclosedMaps.Sum(space, flat, EnclosedFunctions.Spread(Mean(flat), flat.Shape), -1)
            : flat;
        var squares = EnclosedFunctions.Apply(
            space, centered, z => z.Square(), SlopeRange.OfCurve(centered.Low, centered.High, z => z * 2));
        var variance = Mean(squares with { Low = squares.Low.Clamp(0, null) });
        var above = EnclosedMaps.Line(space, variance, Tensor.Ones([], ScalarType.Float64), Tensor.Full([], epsilon, ScalarType.Float64));

        // The mean of squares is not negative, whatever its bounds say.
        above = above with { Low = above.Low.Clamp(epsilon * (1 - EnclosureSpace.Rounding), null) };
        var roots = EnclosedFunctions.Apply(
            space, above, z => z.Pow(-0.5), SlopeRange.OfCurve(above.Low, above.High, z => z.Pow(-1.5) * -0.5));
        if (EnclosedFunctions.Product(space, centered, EnclosedFunctions.Spread(roots, centered.Shape)) is not { } normalized)
        {
            return null;
        }

        // No number is further from the mean of n than √(n − 1) deviations.
        var most = Math.Sqrt(isCentered ? n - 1 : n) * (1 + EnclosureSpace.Rounding);
        normalized = normalized with { Low = normalized.Low.Maximum(Limit(-most)), High = normalized.High.Minimum(Limit(most)) };
        var shape = x.Shape;
        return normalized.Changed(one => one.Reshape(shape), all => all.Reshape([all.Size(0), .. shape]));
    }

    private static Tensor Limit(double value) => Tensor.Full([], value, ScalarType.Float64);
}
