using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// What the enclosures of one ball have in common: which numbers their columns belong to, and what is known of the T_a.
/// <para>
/// Slopes at a node a lie in [c − R, c + R] (diagonal matrices), so that the derivative D H by x of what comes out, H that of what goes in,
/// is c H + R^{1/2} Δ T with T = R^{1/2} H. Of T the rows' norms and the largest singular value are bounded by those of R^{1/2} times the
/// parts of H. So nothing is multiplied by |W| on the way, as it is by interval arithmetic.
/// </para>
/// </summary>
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

    private readonly List<(long Start, long Count, double Norm)> _groups = [];
    private readonly List<Tensor> _lengths = [];
    private readonly List<Tensor> _sums = [];
    private long _errors;
    private long _slopeErrors;

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
        Slopes = hasSlopes ? Padded(value.Slopes, inputs + _slopeErrors) : value.Slopes,
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

    /// <summary>Bounds of the ℓ2 norms and of the ℓ1 norms of the derivative's rows.</summary>
    public (Tensor Lengths, Tensor Sums) Rows(Enclosure value)
    {
        var own = value.Slopes.Narrow(0, 0, inputs);
        var (length, sum) = (own.Square().Sum([0]).Sqrt(), own.Abs().Sum([0]));
        var count = value.Slopes.Size(0) - inputs;
        if (count > 0)
        {
            var errors = value.Slopes.Narrow(0, inputs, count).Flatten(1).Abs().T();
            Tensor Through(List<Tensor> bounds) =>
                errors.MatMul(Tensor.Cat([.. bounds], 0).Narrow(0, 0, count).Unsqueeze(1)).Reshape(value.Shape);
            (length, sum) = (length + Through(_lengths), sum + Through(_sums));
        }

        var factor = 1 + (Rounding * (value.Slopes.Size(0) + 8));
        return ((length + value.SlopeRest) * factor, (sum + value.SlopeRest) * factor);
    }

    /// <summary>A bound of the derivative's largest singular value, its rows each times a number.</summary>
    /// <param name="columns">The columns of J and of the G_a: columns × rows.</param>
    /// <param name="rest">The rest by row.</param>
    /// <param name="lengths">Bounds of the rows' ℓ2 norms.</param>
    public double Norm(Tensor columns, Tensor rest, Tensor lengths)
    {
        var norm = NormBounds.Largest(columns.Narrow(0, 0, inputs)) + NormBounds.Frobenius(rest);
        foreach (var (start, count, bound) in _groups.Where(group => inputs + group.Start + group.Count <= columns.Size(0)))
        {
            norm += NormBounds.Largest(columns.Narrow(0, inputs + start, count)) * bound;
        }

        return Math.Min(norm * (1 + (Rounding * (_groups.Count + 8))), NormBounds.Frobenius(lengths));
    }

    /// <summary>The same of a whole value.</summary>
    public double Norm(Enclosure value)
    {
        var padded = Padded(value);
        return Norm(padded.Slopes.Flatten(1), padded.SlopeRest.Flatten(), Rows(padded).Lengths.Flatten());
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
    /// The columns of a derivative, and new ones for errors of slopes, by which the derivative of what goes in is multiplied.
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
        var (lengths, sums) = Rows(padded);
        var at = Largest((errors * lengths).ToArray<double>(), Most(lengths), Room(slopes));
        var left = errors * sums * (1 + Rounding);
        if (at.Length == 0)
        {
            return (slopes, rest + left);
        }

        var rows = Tensor.FromArray(Array.ConvertAll(at, i => (long)i), at.Length);
        var roots = errors.Sqrt() * (1 + Rounding);
        Tensor Chosen(Tensor all) => (all.Flatten() * roots.Flatten()).IndexSelect(0, rows);
        var length = Chosen(lengths);
        var own = padded.Slopes.Flatten(1).IndexSelect(1, rows) * roots.Flatten().IndexSelect(0, rows);
        var norm = Norm(own, Chosen(padded.SlopeRest), length);
        var columns = Padded(slopes, inputs + _slopeErrors);
        _groups.Add((_slopeErrors, at.Length, norm));
        _lengths.Add(length.DetachFromDisposeScope());
        _sums.Add(Chosen(sums).DetachFromDisposeScope());
        _slopeErrors += at.Length;
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
