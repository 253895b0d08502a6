using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Softmax of enclosures along the last axis, put together from functions of each element: p_i = 1/(1 + Σ_{j≠i} e^{x_j − x_i}), in which
/// only differences of x occur (Wei et al. 2023 bound softmax by such exponentials and a reciprocal). Where a difference may be large, or
/// there are too many, e^{x_i − c} over its sum, with a constant c.
/// </summary>
internal static class EnclosedSoftmax
{
    private const double LargeDifference = 300;

    /// <summary>e^x over its sum; null where it is of one number.</summary>
    public static Enclosure? Of(EnclosureSpace space, Enclosure x)
    {
        if (Others(space, x) is { } others)
        {
            return Within(EnclosedFunctions.Reciprocal(space, others)!, 0, 1);
        }

        if (x.Middle.Size(-1) < 2)
        {
            return null;
        }

        var powers = Exponential(space, Shifted(space, x));
        var sum = EnclosedMaps.Total(space, powers, -1, keep: true);
        return EnclosedFunctions.Reciprocal(space, sum) is { } reciprocal
            && EnclosedFunctions.Product(space, powers, EnclosedFunctions.Spread(reciprocal, powers.Shape)) is { } shares
            ? Within(shares, 0, 1)
            : null;
    }

    /// <summary>The logarithm of the softmax; null where it is of one number, or numbers are far apart.</summary>
    public static Enclosure? Logarithm(EnclosureSpace space, Enclosure x) =>
        Others(space, x) is not { } others ? null
        : EnclosedMaps.Line(
            space, EnclosedFunctions.Apply(space, others, z => z.Log(), SlopeRange.OfCurve(others.Low, others.High, z => z.Reciprocal())),
            Tensor.Full([], -1, ScalarType.Float64), null);

    // 1 + Σ_{j≠i} e^{x_j − x_i}
    private static Enclosure? Others(EnclosureSpace space, Enclosure x)
    {
        var n = x.Middle.Size(-1);
        if (n < 2 || x.Middle.Elements * (n - 1) * space.Padded(x).Shifts.Size(0) > EnclosureSpace.MostNumbers / 4)
        {
            return null;
        }

        var indices = Enumerable.Range(0, (int)n).SelectMany(i => Enumerable.Range(0, (int)n).Where(j => j != i)).Select(j => (long)j);
        var chosen = Tensor.FromArray([.. indices], n * (n - 1));
        Tensor Partners(Tensor one) => one.IndexSelect(one.Dimensions - 1, chosen).Reshape([.. one.Shape, n - 1]);
        Tensor Own(Tensor one) => one.Unsqueeze(-1).Expand([.. one.Shape, n - 1]);
        var differences = EnclosedMaps.Sum(space, x.Changed(Partners, Partners), x.Changed(Own, Own), -1);
        if (!SlopeRange.IsAbove(-differences.High, -LargeDifference))
        {
            return null;
        }

        var sum = EnclosedMaps.Total(space, Exponential(space, differences), -1, keep: false);
        var number = Tensor.Ones([], ScalarType.Float64);
        return Within(EnclosedMaps.Line(space, sum, number, number), 1, null);
    }

    private static Enclosure Shifted(EnclosureSpace space, Enclosure x) =>
        EnclosedMaps.Line(space, x, Tensor.Ones([], ScalarType.Float64), -x.Middle.AMax([-1], keep: true));

    private static Enclosure Exponential(EnclosureSpace space, Enclosure x) => Within(
        EnclosedFunctions.Apply(space, x, z => z.Exp(), SlopeRange.OfCurve(x.Low, x.High, z => z.Exp())), 0, null);

    private static Enclosure Within(Enclosure value, double least, double? most) =>
        value with { Low = value.Low.Clamp(least, most), High = value.High.Clamp(least, most) };
}
