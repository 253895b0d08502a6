using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// What is known of derivatives where slopes are known between limits only.
/// <para>
/// Slopes at a node a lie in [c − R, c + R] (diagonal matrices), so that the derivative D H by x of what comes out, H that of what goes in,
/// is c H + R^{1/2} Δ T with T = R^{1/2} H. Of T the rows' norms and the largest singular value are bounded by those of R^{1/2} times the
/// parts of H. So nothing is multiplied by |W| on the way, as it is by interval arithmetic.
/// </para>
/// <para>
/// In ℓ∞ the sum of a row's magnitudes is that of s·J for the signs s of its numbers: where they are certain, T s, the derivative along s,
/// is bounded in the same way, and errors of different numbers of a row cancel, as in linear bounds of the sum (Shi et al. 2022).
/// </para>
/// </summary>
/// <param name="inputs">How many numbers x has.</param>
internal sealed class SlopeErrors(long inputs)
{
    private readonly List<Group> _groups = [];

    /// <summary>How many columns of errors there are.</summary>
    public long Count { get; private set; }

    /// <summary>Bounds of the ℓ2 norms and of the ℓ1 norms of the derivative's rows.</summary>
    public (Tensor Lengths, Tensor Sums) Rows(Enclosure value)
    {
        var own = value.Slopes.Narrow(0, 0, inputs);
        var (length, sum) = (own.Square().Sum([0]).Sqrt(), own.Abs().Sum([0]));
        var count = value.Slopes.Size(0) - inputs;
        if (count > 0)
        {
            var errors = value.Slopes.Narrow(0, inputs, count).Flatten(1).Abs().T();
            Tensor Through(Func<Group, Tensor> bounds) =>
                errors.MatMul(Tensor.Cat([.. _groups.Select(bounds)], 0).Narrow(0, 0, count).Unsqueeze(1)).Reshape(value.Shape);
            (length, sum) = (length + Through(group => group.Lengths), sum + Through(group => group.Sums));
        }

        var factor = Factor(value.Slopes.Size(0));
        return ((length + value.SlopeRest) * factor, (sum + value.SlopeRest) * factor);
    }

    /// <summary>A bound of the largest singular value of a value's derivative.</summary>
    /// <param name="value">The value, with all columns.</param>
    public double Norm(Enclosure value) => Norm(value.Slopes.Flatten(1), value.SlopeRest.Flatten(), Rows(value).Lengths.Flatten());

    /// <summary>A bound of the largest sum of magnitudes of a row of a value's derivative.</summary>
    /// <param name="value">The value, with all columns.</param>
    public double LargestSum(Enclosure value)
    {
        var plain = Rows(value).Sums.Flatten();
        var (own, radius) = Bounds(value);
        var signs = own.Sign().Where(own.Abs().GreaterThan(radius), Tensor.ZerosLike(own));
        var uncertain = (own.Abs() + radius).Where(signs.EqualTo(Tensor.ZerosLike(signs)), Tensor.ZerosLike(own)).Sum([1]);
        var along = (own * signs).Sum([1]);
        if (_groups.Count > 0)
        {
            along += (Errors(value) * Magnitudes(signs.T()).T()).Sum([1]);
        }

        var sums = (along + uncertain + value.SlopeRest.Flatten()) * Factor(own.Size(1) + Count);
        return plain.Minimum(sums).AMax([0]).Item();
    }

    /// <summary>The derivative at the middles of the slopes, and how far from it each of its numbers may be: rows × inputs.</summary>
    /// <param name="value">The value, with all columns.</param>
    public (Tensor Middle, Tensor Radius) Bounds(Enclosure value)
    {
        var own = value.Slopes.Narrow(0, 0, inputs).Flatten(1).T();
        var rest = value.SlopeRest.Flatten().Unsqueeze(1);
        return _groups.Count == 0
            ? (own, rest.Expand(own.Shape))
            : (own, (Errors(value).MatMul(Magnitudes(Tensor.Eye(inputs, ScalarType.Float64))) + rest) * Factor(inputs + Count));
    }

    /// <summary>Notes errors of the slopes at some numbers of what goes into a node.</summary>
    /// <param name="source">What goes in, with all columns.</param>
    /// <param name="rows">Where the numbers stand.</param>
    /// <param name="roots">R^{1/2} of all.</param>
    /// <param name="lengths">Bounds of the ℓ2 norms of its derivative's rows.</param>
    /// <param name="sums">Bounds of their ℓ1 norms.</param>
    public void Add(Enclosure source, Tensor rows, Tensor roots, Tensor lengths, Tensor sums)
    {
        Tensor Chosen(Tensor all) => (all.Flatten() * roots.Flatten()).IndexSelect(0, rows).DetachFromDisposeScope();
        var columns = source.Slopes.Flatten(1).IndexSelect(1, rows) * roots.Flatten().IndexSelect(0, rows);
        var (length, rest) = (Chosen(lengths), Chosen(source.SlopeRest));
        _groups.Add(new Group(
            Count, rows.ToArray<long>(), columns.DetachFromDisposeScope(), rest, length, Chosen(sums), Norm(columns, rest, length)));
        Count += rows.Elements;
    }

    /// <summary>
    /// Where the number stands, among those of the first node that has errors, whose slope's error may add most to a derivative's norm;
    /// null without errors.
    /// </summary>
    /// <param name="value">The value, with all columns.</param>
    public int? LargestOfFirst(Enclosure value)
    {
        if (_groups.Count == 0)
        {
            return null;
        }

        var first = _groups[0];
        var shares = Errors(value).Narrow(1, 0, first.Size).Norm([0]) * first.Lengths;
        return (int)first.Rows[shares.ArgMax(0).ItemInt64()];
    }

    private double Norm(Tensor columns, Tensor rest, Tensor lengths)
    {
        var norm = NormBounds.Largest(columns.Narrow(0, 0, inputs)) + NormBounds.Frobenius(rest);
        foreach (var group in _groups.Where(group => inputs + group.Start + group.Size <= columns.Size(0)))
        {
            norm += NormBounds.Largest(columns.Narrow(0, inputs + group.Start, group.Size)) * group.Norm;
        }

        return Math.Min(norm * Factor(_groups.Count), NormBounds.Frobenius(lengths));
    }

    // |T v| for columns v of signs, group after group: errors × columns.
    private Tensor Magnitudes(Tensor directions)
    {
        var all = Tensor.Zeros([0, directions.Size(1)], ScalarType.Float64);
        foreach (var group in _groups)
        {
            var own = group.Columns.Narrow(0, 0, inputs).T().MatMul(directions).Abs();
            var slack = group.Columns.Narrow(0, 0, inputs).Abs().Sum([0]) * (EnclosureSpace.Rounding * inputs);
            var before = group.Columns.Size(0) - inputs;
            var sum = own + (group.Rest + slack).Unsqueeze(1);
            all = Tensor.Cat(
                [all, before > 0 ? sum + group.Columns.Narrow(0, inputs, before).Abs().T().MatMul(all.Narrow(0, 0, before)) : sum], 0);
        }

        return all;
    }

    // The columns of errors, as rows × errors.
    private Tensor Errors(Enclosure value) => value.Slopes.Narrow(0, inputs, Count).Flatten(1).Abs().T();

    private static double Factor(long count) => 1 + (EnclosureSpace.Rounding * (count + 8));

    // The errors of slopes at one node.
    private sealed record Group(long Start, long[] Rows, Tensor Columns, Tensor Rest, Tensor Lengths, Tensor Sums, double Norm)
    {
        public long Size => Lengths.Elements;
    }
}
