using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Affine maps of enclosures, which lose nothing but rounding: middles and columns go through the map itself, in one batch; rests and the
/// intervals' radii through the map with the magnitudes of its coefficients.
/// <para>
/// Rounding: a sum of n products computed in any order is off by at most n u / (1 − n u) times the sum of their magnitudes, u = 2⁻⁵³
/// (Higham 2002, §3.1). With n taken as the number of all inputs that bound, times 4 for what is subtracted afterwards, goes to the rests
/// and moves the intervals' ends outwards.
/// </para>
/// </summary>
internal static class EnclosedMaps
{
    private const double Unit = 1.0 / (1L << 53);

    // Beside the columns: the map's value at m, at zero, and at the interval's centre.
    private const int Extra = 3;

    /// <summary>What a map makes of some values.</summary>
    /// <param name="space">What they have in common.</param>
    /// <param name="inputs">The values.</param>
    /// <param name="map">The map, on batches of the given number of examples.</param>
    /// <param name="magnitudes">Its linear part with the magnitudes of its coefficients, on a batch of three.</param>
    /// <returns>The outputs; null where a batch of examples doesn't come out as one.</returns>
    public static Enclosure[]? Through(
        EnclosureSpace space, IReadOnlyList<Enclosure> inputs, Func<long, Tensor[], Tensor[]> map, Func<Tensor[], Tensor[]?> magnitudes)
    {
        Enclosure[] padded = [.. inputs.Select(space.Padded)];
        var (shifts, slopes) = (padded[0].Shifts.Size(0), padded[0].Slopes.Size(0));
        var batch = Extra + shifts + slopes;
        var images = map(batch, [.. padded.Select(value => Together(
            [Row(value.Middle), Row(Tensor.ZerosLike(value.Middle)), Row(value.Centre), value.Shifts, value.Slopes]))]);
        var factor = 4 * Unit * (padded.Sum(value => value.Middle.Elements) + 16);
        if (magnitudes([.. padded.Select(value => Magnitudes(value, factor))]) is not { } sizes)
        {
            return null;
        }

        // Beside its first output an operator may have some that don't depend on the data.
        var outputs = new Enclosure[Math.Min(images.Length, sizes.Length)];
        for (var i = 0; i < outputs.Length; i++)
        {
            if (Apart(images[i], batch) is not { } image || Apart(sizes[i], 3) is not { } size)
            {
                return null;
            }

            outputs[i] = Output(space, image, size, shifts, slopes, factor);
        }

        return outputs;
    }

    /// <summary>x + c y for a number c.</summary>
    public static Enclosure Sum(EnclosureSpace space, Enclosure left, Enclosure right, double factor)
    {
        var (x, y) = (space.Padded(left), space.Padded(right));
        var (middle, shifts) = (x.Middle + (y.Middle * factor), x.Shifts + (y.Shifts * factor));
        var size = Math.Abs(factor);
        Tensor Off(Tensor one, Tensor other) => (one.Abs().Sum([0]) + (other.Abs().Sum([0]) * size)) * EnclosureSpace.Rounding;
        var rest = x.Rest + (y.Rest * size) + Off(x.Shifts, y.Shifts)
            + ((x.Middle.Abs() + (y.Middle.Abs() * size)) * EnclosureSpace.Rounding);
        var (least, most) = factor >= 0 ? (y.Low, y.High) : (y.High, y.Low);
        var (low, high) = (x.Low + (least * factor), x.High + (most * factor));
        var slack = (x.Low.Abs() + x.High.Abs() + ((y.Low.Abs() + y.High.Abs()) * size)) * EnclosureSpace.Rounding;
        return Narrowed(space, new Enclosure
        {
            Middle = middle,
            Shifts = shifts,
            Rest = rest,
            Low = low - slack,
            High = high + slack,
            Slopes = x.Slopes + (y.Slopes * factor),
            SlopeRest = x.SlopeRest + (y.SlopeRest * size) + Off(x.Slopes, y.Slopes),
        });
    }

    /// <summary>The sum along an axis that counts from the last, −1 being that.</summary>
    public static Enclosure Total(EnclosureSpace space, Enclosure value, int axis, bool keep)
    {
        var rounding = EnclosureSpace.Rounding * (value.Middle.Size(axis) + 8);
        Tensor Summed(Tensor one) => one.Sum([axis], keep);
        Tensor Off(Tensor columns) => Summed(columns.Abs().Sum([0])) * rounding;
        var slack = Summed(value.Low.Abs().Maximum(value.High.Abs())) * rounding;
        return Narrowed(space, new Enclosure
        {
            Middle = Summed(value.Middle),
            Shifts = Summed(value.Shifts),
            Rest = Summed(value.Rest) + Off(value.Shifts) + (Summed(value.Middle.Abs()) * rounding),
            Low = Summed(value.Low) - slack,
            High = Summed(value.High) + slack,
            Slopes = Summed(value.Slopes),
            SlopeRest = Summed(value.SlopeRest) + Off(value.Slopes),
        });
    }

    /// <summary>Times constants, plus constants, both broadcast over the value.</summary>
    public static Enclosure Line(EnclosureSpace space, Enclosure value, Tensor factor, Tensor? offset)
    {
        var size = factor.Abs();
        Tensor Off(Tensor columns) => columns.Abs().Sum([0]) * size * EnclosureSpace.Rounding;
        Tensor Moved(Tensor one) => offset is null ? one * factor : (one * factor) + offset;
        var (left, right) = (Moved(value.Low), Moved(value.High));
        var slack = (((value.Low.Abs() + value.High.Abs()) * size) + (left.Abs() + right.Abs())) * EnclosureSpace.Rounding;
        return Narrowed(space, new Enclosure
        {
            Middle = Moved(value.Middle),
            Shifts = value.Shifts * factor,
            Rest = (value.Rest * size) + Off(value.Shifts)
                + (((value.Middle.Abs() * size) + Moved(value.Middle).Abs()) * EnclosureSpace.Rounding),
            Low = left.Minimum(right) - slack,
            High = left.Maximum(right) + slack,
            Slopes = value.Slopes * factor,
            SlopeRest = (value.SlopeRest * size) + Off(value.Slopes),
        });
    }

    /// <summary>The same, its interval no longer than what the columns allow.</summary>
    public static Enclosure Narrowed(EnclosureSpace space, Enclosure value)
    {
        if (space.Pieces is not null)
        {
            return value with { Low = value.Middle, High = value.Middle };
        }

        var deviation = space.Deviation(value.Shifts, value.Rest) + (value.Middle.Abs() * EnclosureSpace.Rounding);
        return value with { Low = value.Low.Maximum(value.Middle - deviation), High = value.High.Minimum(value.Middle + deviation) };
    }

    private static Enclosure Output(EnclosureSpace space, Tensor image, Tensor size, long shifts, long slopes, double factor)
    {
        Tensor Part(long start, long count) => image.Narrow(0, start, count);
        var (middle, atZero, centre) = (image.Select(0, 0), image.Select(0, 1), image.Select(0, 2));
        var offset = atZero.Abs() * (factor * 2);
        var radius = size.Select(0, 1) + offset;
        return Narrowed(space, new Enclosure
        {
            Middle = middle,
            Shifts = Part(Extra, shifts) - Row(atZero),
            Rest = size.Select(0, 0) + (offset * (shifts + 2)),
            Low = centre - radius,
            High = centre + radius,
            Slopes = Part(Extra + shifts, slopes) - Row(atZero),
            SlopeRest = size.Select(0, 2) + (offset * slopes),
        });
    }

    // What goes through the magnitudes: the rests and the radius, with what rounding adds to them.
    private static Tensor Magnitudes(Enclosure value, double factor)
    {
        var rest = value.Rest + ((value.Middle.Abs() + value.Shifts.Abs().Sum([0]) + value.Rest) * factor);
        var radius = value.Radius + (value.Low.Abs().Maximum(value.High.Abs()) * factor);
        var slopes = value.SlopeRest + ((value.Slopes.Abs().Sum([0]) + value.SlopeRest) * factor);
        return Together([Row(rest), Row(radius), Row(slopes)]);
    }

    private static Tensor Row(Tensor one) => one.Unsqueeze(0);

    // Columns as examples of a batch: where an example has several rows in the first dimension, one example's after the other's.
    private static Tensor Together(Tensor[] columns)
    {
        var all = Tensor.Cat(columns, 0);
        return all.Reshape([all.Size(0) * all.Size(1), .. all.Shape[2..]]);
    }

    private static Tensor? Apart(Tensor batch, long count) =>
        batch.Dimensions > 0 && batch.Size(0) % count == 0
            ? batch.Reshape([count, batch.Size(0) / count, .. batch.Shape[1..]])
            : null;
}
