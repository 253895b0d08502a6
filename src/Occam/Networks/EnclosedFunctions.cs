using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Functions of each element, and products, of enclosures. On an interval [l, u] on which the slope lies between a and b, f(z) − α z with
/// α = (f(u) − f(l))/(u − l) has the same value at both ends, and in between it leaves it by at most (b − α)(α − a)(u − l)/(b − a), upwards
/// not at all where f is convex and downwards not where it is concave. For a ReLU this is the relaxation of Weng et al. 2018 (Fast-Lin) and
/// Singh et al. 2018 (DeepZ).
/// </summary>
internal static class EnclosedFunctions
{
    // Of what libtorch computes of a function, relative to its values, and to the argument times the slope or 1, whichever is larger.
    private const double Slack = 1.0 / (1L << 47);

    /// <summary>A function of each element.</summary>
    public static Enclosure Apply(EnclosureSpace space, Enclosure x, Func<Tensor, Tensor> f, SlopeRange slopes)
    {
        var (low, high) = (x.Low, x.High);
        var (a, b) = (slopes.Low, slopes.High);
        var (left, right, width) = (f(low), f(high), high - low);
        var steep = a.Abs().Maximum(b.Abs());
        var slack = ((left.Abs() + right.Abs() + (steep.Clamp(1, null) * (low.Abs() + high.Abs()))) * Slack) + double.Epsilon;
        var nowhere = Tensor.ZerosLike(width);
        var has = width.GreaterThan(0);
        var chord = ((right - left) / width).Where(has, (a + b) * 0.5).Maximum(a).Minimum(b);
        var (atLow, atHigh) = (left - (chord * low), right - (chord * high));
        var range = b - a;
        var bulge = ((b - chord) * (chord - a) * width / range).Where(range.GreaterThan(0), nowhere);
        var up = slopes.IsConvex is null ? bulge : nowhere.Where(slopes.IsConvex, bulge);
        var down = slopes.IsConcave is null ? bulge : nowhere.Where(slopes.IsConcave, bulge);
        var (least, most) = (atLow.Minimum(atHigh) - down, atLow.Maximum(atHigh) + up);
        var error = ((most - least) * 0.5) + slack;
        var middle = (x.Middle * chord) + ((most + least) * 0.5);
        var scaled = space.Padded(x);
        var rest = (scaled.Rest * chord.Abs())
            + (((scaled.Middle.Abs() + scaled.Shifts.Abs().Sum([0])) * chord.Abs() + middle.Abs()) * EnclosureSpace.Rounding);
        var (shifts, shiftRest) = space.WithErrors(scaled.Shifts * chord, rest, error);
        var (bottom, top) = Range(left, right, width, slopes);
        var (slope, slopeRest) = Bent(space, x, slopes);
        return EnclosedMaps.Narrowed(space, new Enclosure
        {
            Middle = middle,
            Shifts = shifts,
            Rest = shiftRest,
            Low = bottom - slack,
            High = top + slack,
            Slopes = slope,
            SlopeRest = slopeRest,
        });
    }

    /// <summary>The affine function that a choice of pieces makes of a function of each element.</summary>
    public static Enclosure Apply(EnclosureSpace space, Enclosure x, AffinePieces pieces, Func<Tensor, Tensor> f)
    {
        var (low, high, atZero) = space.Pieces!.Choose(space.Padded(x), pieces, f);
        var middle = (low + high) * 0.5;
        var value = (x.Middle * middle) + atZero;
        var (slope, rest) = Bent(space, x, new SlopeRange(low, high));
        return x with { Middle = value, Low = value, High = value, Shifts = x.Shifts * middle, Slopes = slope, SlopeRest = rest };
    }

    /// <summary>The product of two values, element by element; null where they have different numbers of dimensions.</summary>
    public static Enclosure? Product(EnclosureSpace space, Enclosure left, Enclosure right)
    {
        if (left.Shape.Length != right.Shape.Length)
        {
            return null;
        }

        long[] shape = [.. left.Shape.Zip(right.Shape, (a, b) => a == 1 ? b : a)];
        var (x, y) = (space.Padded(Spread(left, shape)), space.Padded(Spread(right, shape)));
        Tensor Sizes(Tensor columns) => columns.Abs().Sum([0]);
        var (sizeX, sizeY) = (x.Middle.Abs(), y.Middle.Abs());
        var middle = x.Middle * y.Middle;
        var rest = (y.Rest * sizeX) + (x.Rest * sizeY)
            + (((Sizes(y.Shifts) * sizeX) + (Sizes(x.Shifts) * sizeY) + middle.Abs()) * EnclosureSpace.Rounding);
        var (shifts, shiftRest) = space.WithErrors(
            (y.Shifts * x.Middle) + (x.Shifts * y.Middle), rest, x.Reach * y.Reach * (1 + EnclosureSpace.Rounding));
        Tensor[] corners = [x.Low * y.Low, x.Low * y.High, x.High * y.Low, x.High * y.High];
        var slack = corners.Aggregate(Tensor.ZerosLike(middle), (sum, corner) => sum + corner.Abs()) * EnclosureSpace.Rounding;

        // d(xy) = x dy + y dx
        var (centreX, centreY) = (x.Centre, y.Centre);
        var slopes = (y.Slopes * centreX) + (x.Slopes * centreY);
        var slopeRest = (y.SlopeRest * centreX.Abs()) + (x.SlopeRest * centreY.Abs())
            + (((Sizes(y.Slopes) * centreX.Abs()) + (Sizes(x.Slopes) * centreY.Abs())) * EnclosureSpace.Rounding);
        (slopes, slopeRest) = space.WithSlopeErrors(slopes, slopeRest, Wide(x), y);
        (slopes, slopeRest) = space.WithSlopeErrors(slopes, slopeRest, Wide(y), x);
        return EnclosedMaps.Narrowed(space, new Enclosure
        {
            Middle = middle,
            Shifts = shifts,
            Rest = shiftRest,
            Low = corners.Aggregate((least, corner) => least.Minimum(corner)) - slack,
            High = corners.Aggregate((most, corner) => most.Maximum(corner)) + slack,
            Slopes = slopes,
            SlopeRest = slopeRest,
        });
    }

    /// <summary>
    /// The matrix product of the last two dimensions: all products of two numbers, summed. Null where they have different numbers of
    /// dimensions, or fewer than two.
    /// </summary>
    public static Enclosure? MatrixProduct(EnclosureSpace space, Enclosure left, Enclosure right)
    {
        if (left.Shape.Length < 2)
        {
            return null;
        }

        var (rows, columns) = (
            left.Changed(one => one.Unsqueeze(-1), all => all.Unsqueeze(-1)),
            right.Changed(one => one.Unsqueeze(-3), all => all.Unsqueeze(-3)));
        return Product(space, rows, columns) is { } products ? EnclosedMaps.Total(space, products, -2, keep: false) : null;
    }

    /// <summary>1/x; null where x may be 0.</summary>
    public static Enclosure? Reciprocal(EnclosureSpace space, Enclosure x) =>
        SlopeRange.IsAbove(x.Low, 0) || SlopeRange.IsAbove(-x.High, 0)
            ? Apply(space, x, z => z.Reciprocal(), SlopeRange.OfCurve(x.Low, x.High, z => -z.Square().Reciprocal()))
            : null;

    /// <summary>Repeated to a shape of as many dimensions.</summary>
    public static Enclosure Spread(Enclosure value, long[] shape) =>
        value.Changed(one => one.Expand(shape), all => all.Expand([all.Size(0), .. shape]));

    /// <summary>A constant input in a shape that it is broadcast to; null where it isn't.</summary>
    public static Enclosure? Constant(EnclosureCall call, int input, long[] shape) =>
        call.At(1).Optional(input) is { } value && value.Dimensions <= shape.Length
            ? call.Space.Constant(value.To(ScalarType.Float64).Expand(shape))
            : null;

    /// <summary>The larger of two values, element by element: y + max(0, x − y).</summary>
    public static Enclosure Maximum(EnclosureSpace space, Enclosure x, Enclosure y)
    {
        var difference = EnclosedMaps.Sum(space, x, y, -1);
        var larger = EnclosedMaps.Sum(space, y, Rectified(space, difference), 1);
        return space.Pieces is not null ? larger
            : larger with
            {
                Low = larger.Low.Maximum(x.Low.Maximum(y.Low)),
                High = larger.High.Minimum(x.High.Maximum(y.High)),
            };
    }

    /// <summary>The largest along the last axis, which goes.</summary>
    public static Enclosure Largest(EnclosureSpace space, Enclosure value)
    {
        while (value.Middle.Size(-1) is > 1 and var count)
        {
            var half = count / 2;
            Enclosure Part(long start, long length) =>
                value.Changed(one => one.Narrow(-1, start, length), columns => columns.Narrow(-1, start, length));
            var larger = Maximum(space, Part(0, half), Part(half, half));
            value = count % 2 == 0 ? larger : Joined(space.Padded(larger), space.Padded(Part(count - 1, 1)));
        }

        return value.Changed(one => one.Squeeze(-1), columns => columns.Squeeze(-1));
    }

    /// <summary>Two values one behind the other along the last axis, with equally many columns.</summary>
    private static Enclosure Joined(Enclosure left, Enclosure right)
    {
        Tensor Join(Func<Enclosure, Tensor> part) => Tensor.Cat([part(left), part(right)], -1);
        return new Enclosure
        {
            Middle = Join(value => value.Middle),
            Shifts = Join(value => value.Shifts),
            Rest = Join(value => value.Rest),
            Low = Join(value => value.Low),
            High = Join(value => value.High),
            Slopes = Join(value => value.Slopes),
            SlopeRest = Join(value => value.SlopeRest),
        };
    }

    private static Enclosure Rectified(EnclosureSpace space, Enclosure x)
    {
        var pieces = new AffinePieces([0], 0.0, 1.0);
        return space.Pieces is not null ? Apply(space, x, pieces, z => z.Relu())
            : Apply(space, x, z => z.Relu(), SlopeRange.OfPieces(x.Low, x.High, pieces));
    }

    // The derivative times slopes of a range.
    private static (Tensor Slopes, Tensor Remainder) Bent(EnclosureSpace space, Enclosure x, SlopeRange range)
    {
        var centre = (range.Low + range.High) * 0.5;
        var radius = ((range.High - range.Low) * 0.5) + ((range.High.Abs() + range.Low.Abs()) * (EnclosureSpace.Rounding / 4));
        radius = radius.Where((range.High - range.Low).GreaterThan(0), Tensor.ZerosLike(radius));
        var rest = (x.SlopeRest * centre.Abs()) + (x.Slopes.Abs().Sum([0]) * centre.Abs() * EnclosureSpace.Rounding);
        return space.WithSlopeErrors(x.Slopes * centre, rest, radius, x);
    }

    // What the slopes' limits say of the function's values between those at the ends.
    private static (Tensor Low, Tensor High) Range(Tensor left, Tensor right, Tensor width, SlopeRange slopes)
    {
        var (a, b) = (slopes.Low, slopes.High);
        var range = b - a;
        var turns = a.LessThan(Tensor.Full([], 0, ScalarType.Float64)).And(b.GreaterThan(0));
        var down = ((left - right + (b * width)) / range).Clamp(0, null).Minimum(width);
        var up = ((right - left - (a * width)) / range).Clamp(0, null).Minimum(width);
        var (least, most) = (left.Minimum(right), left.Maximum(right));
        var (bottom, top) = ((left + (a * down)).Where(turns, least), (left + (b * up)).Where(turns, most));
        return (
            slopes.IsConcave is null ? bottom : least.Where(slopes.IsConcave, bottom),
            slopes.IsConvex is null ? top : most.Where(slopes.IsConvex, top));
    }

    // Half of the interval, and what rounding its centre may add.
    private static Tensor Wide(Enclosure x) => x.Radius + ((x.Low.Abs() + x.High.Abs()) * EnclosureSpace.Rounding);
}
