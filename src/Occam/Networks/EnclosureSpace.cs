using Occam.Torch;

namespace Occam.Networks;

/// <summary>What the enclosures of one ball have in common: which numbers their columns belong to.</summary>
/// <param name="inputs">How many numbers x has.</param>
/// <param name="radius">The ball's radius r.</param>
/// <param name="isEuclidean">Whether it is of the ℓ2 norm, else of ℓ∞.</param>
/// <param name="hasSlopes">Whether derivatives are asked for.</param>
internal sealed class EnclosureSpace(long inputs, double radius, bool isEuclidean, bool hasSlopes)
{
    /// <summary>How many numbers a value's columns may have.</summary>
    public const long MostNumbers = 1L << 24;

    /// <summary>A bound of a relative rounding error of few operations in float64.</summary>
    public const double Rounding = 1.0 / (1L << 50);

    // Of the largest deviation, or the longest row: what is smaller isn't worth a column of its own.
    private const double LeastShare = 1e-8;

    private long _errors;

    /// <summary>What is known of the T_a.</summary>
    public SlopeErrors Derivative { get; } = new(inputs);

    /// <summary>Where pieces of piecewise-affine functions are chosen, in place of what intervals say: see <see cref="IPieces"/>.</summary>
    public IPieces? Pieces { get; init; }

    /// <summary>The example itself, in float64 with a batch of one.</summary>
    public Enclosure Input(Tensor centre)
    {
        var identity = Tensor.Eye(inputs, ScalarType.Float64).Reshape([inputs, .. centre.Shape]);

        // So that the ends are outside whatever the rounding is.
        var (least, most) = (centre - radius, centre + radius);
        var slack = (centre.Abs() + radius) * Rounding;
        return new Enclosure
        {
            Middle = centre,
            Shifts = identity * radius,
            Rest = Tensor.ZerosLike(centre),
            Low = least - slack,
            High = most + slack,
            Slopes = hasSlopes ? identity : Tensor.Zeros([0, .. centre.Shape], ScalarType.Float64),
            SlopeRest = Tensor.ZerosLike(centre),
        };
    }

    /// <summary>What doesn't depend on x.</summary>
    public Enclosure Constant(Tensor value) => new()
    {
        Middle = value,
        Shifts = Tensor.Zeros([inputs, .. value.Shape], ScalarType.Float64),
        Rest = Tensor.ZerosLike(value),
        Low = value,
        High = value,
        Slopes = Tensor.Zeros([hasSlopes ? inputs : 0, .. value.Shape], ScalarType.Float64),
        SlopeRest = Tensor.ZerosLike(value),
    };

    /// <summary>The same with as many columns as there are by now.</summary>
    public Enclosure Padded(Enclosure value) => value with
    {
        Shifts = Padded(value.Shifts, inputs + _errors),
        Slopes = hasSlopes ? Padded(value.Slopes, inputs + Derivative.Count) : value.Slopes,
    };

    /// <summary>How far Σ_g ε_g s_g + ρ can be from 0.</summary>
    public Tensor Deviation(Tensor shifts, Tensor rest)
    {
        var own = shifts.Narrow(0, 0, inputs);
        var byInput = isEuclidean ? own.Square().Sum([0]).Sqrt() : own.Abs().Sum([0]);
        var count = shifts.Size(0) - inputs;
        var errors = count > 0 ? byInput + shifts.Narrow(0, inputs, count).Abs().Sum([0]) : byInput;
        return (errors + rest) * (1 + (Rounding * (shifts.Size(0) + 8)));
    }

    /// <summary>
    /// The columns s_g of a value, and new ones for errors of its numbers, each unknown by itself; small ones go to the rest.
    /// </summary>
    public (Tensor Shifts, Tensor Remainder) WithErrors(Tensor shifts, Tensor rest, Tensor errors)
    {
        var sizes = errors.ToArray<double>();
        var at = radius > 0 ? Largest(sizes, Most(Deviation(shifts, rest)), Room(shifts)) : [];
        if (at.Length == 0)
        {
            return (shifts, rest + errors);
        }

        var padded = Padded(shifts, inputs + _errors);
        _errors += at.Length;
        return (Tensor.Cat([padded, Single(at, sizes, errors.Shape)], 0), rest + Without(errors, sizes, at));
    }

    /// <summary>
    /// The columns of a derivative, and new ones for errors of slopes, by which the derivative of what goes in is multiplied; small ones go
    /// to the rest.
    /// </summary>
    /// <param name="slopes">The columns so far, at the middles of the slopes.</param>
    /// <param name="rest">Their rest.</param>
    /// <param name="errors">R, at most how far each slope is from the middle.</param>
    /// <param name="source">What goes in, in the shape of the errors.</param>
    public (Tensor Slopes, Tensor Remainder) WithSlopeErrors(Tensor slopes, Tensor rest, Tensor errors, Enclosure source)
    {
        if (!hasSlopes)
        {
            return (slopes, rest);
        }

        var padded = Padded(source);
        var (lengths, sums) = Derivative.Rows(padded);
        var at = Largest((errors * lengths).ToArray<double>(), Most(lengths), Room(slopes));
        var left = errors * sums * (1 + Rounding);
        if (at.Length == 0)
        {
            return (slopes, rest + left);
        }

        var columns = Padded(slopes, inputs + Derivative.Count);
        var roots = errors.Sqrt() * (1 + Rounding);
        Derivative.Add(padded, Tensor.FromArray(Array.ConvertAll(at, i => (long)i), at.Length), roots, lengths, sums);
        return (
            Tensor.Cat([columns, Single(at, roots.ToArray<double>(), errors.Shape)], 0),
            rest + Without(left, left.ToArray<double>(), at));
    }

    private static int Room(Tensor columns) =>
        (int)Math.Clamp((MostNumbers / Math.Max(1, columns.Elements / Math.Max(1, columns.Size(0)))) - columns.Size(0), 0, 1 << 20);

    // Where the largest numbers stand, those that count beside what is largest.
    private static int[] Largest(double[] sizes, double largest, int room)
    {
        var least = LeastShare * largest;
        var at = Enumerable.Range(0, sizes.Length).Where(i => sizes[i] > least).ToArray();
        return at.Length <= room ? at : [.. at.OrderByDescending(i => sizes[i]).Take(room).Order()];
    }

    private static double Most(Tensor sizes) => sizes.Elements == 0 ? 0 : sizes.Flatten().AMax([0]).Item();

    // A column for each place, with one number there.
    private static Tensor Single(int[] at, double[] sizes, long[] shape)
    {
        var columns = Tensor.Zeros([at.Length, sizes.Length], ScalarType.Float64);
        var numbers = columns.AsSpan<double>();
        for (var row = 0; row < at.Length; row++)
        {
            numbers[(row * sizes.Length) + at[row]] = sizes[at[row]];
        }

        return columns.Reshape([at.Length, .. shape]);
    }

    private static Tensor Without(Tensor errors, double[] sizes, int[] at)
    {
        foreach (var i in at)
        {
            sizes[i] = 0;
        }

        return Tensor.FromArray(sizes, errors.Shape);
    }

    private static Tensor Padded(Tensor columns, long count) => columns.Size(0) == count ? columns
        : Tensor.Cat([columns, Tensor.Zeros([count - columns.Size(0), .. columns.Shape[1..]], ScalarType.Float64)], 0);
}
