using Occam.Torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Networks;

/// <summary>
/// How large a value's numbers can be, whatever the network's input is: a bound of each number's magnitude, and, where the
/// value comes out of a normalization or softmax, of the ℓ2 norm of groups of them, which is far below what the numbers alone would allow.
/// In float64 on the CPU, in the value's shape for one example.
/// </summary>
/// <param name="Elements">A bound of each number's magnitude.</param>
internal sealed record ValueSize(Tensor Elements)
{
    // Where each number came from when the groups were made, and the group that it was in there: what moves numbers moves the indices.
    private Tensor? Index { get; init; }

    private long[] GroupOf { get; init; } = [];

    /// <summary>What the norm of a group is at most; infinite where there are no groups.</summary>
    public double Radius { get; private init; } = double.PositiveInfinity;

    /// <summary>Whether norms of groups are bounded.</summary>
    public bool HasGroups => Index is not null;

    /// <summary>The largest bound of a number.</summary>
    public double Largest => Most(Elements);

    /// <summary>A constant's.</summary>
    public static ValueSize OfConstant(Tensor constant) => new(Wide(constant).Abs());

    /// <summary>The same with groups of the last dimensions, from an axis on, whose norms are at most a radius.</summary>
    public ValueSize WithGroups(int axis, double radius)
    {
        var length = Elements.Shape[axis..].Aggregate(1L, (product, size) => product * size);
        var groups = new long[Elements.Elements];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = i / Math.Max(length, 1);
        }

        return this with { Index = Indices(Elements.Shape), GroupOf = groups, Radius = radius };
    }

    /// <summary>Moved or copied as an operator moves numbers.</summary>
    /// <param name="elements">The bounds, moved.</param>
    /// <param name="move">Moves a tensor of the old shape in the same way.</param>
    public ValueSize Moved(Tensor elements, Func<Tensor, Tensor> move) =>
        HasGroups ? this with { Elements = elements, Index = move(Index!) } : new ValueSize(elements);

    /// <summary>Other bounds of numbers in the same shape, whose groups are at most so many times and so much more as large.</summary>
    public ValueSize Changed(Tensor elements, double factor, double more = 0) =>
        HasGroups && elements.Shape.AsSpan().SequenceEqual(Elements.Shape)
            ? this with { Elements = elements, Radius = (Radius * factor) + more }
            : new ValueSize(elements);

    /// <summary>The sum of two values, whose bounds of numbers are added already.</summary>
    public static ValueSize Sum(Tensor elements, ValueSize left, ValueSize right)
    {
        var (grouped, other) = left.HasGroups && left.Elements.Shape.AsSpan().SequenceEqual(elements.Shape) ? (left, right) : (right, left);
        if (!grouped.HasGroups || !grouped.Elements.Shape.AsSpan().SequenceEqual(elements.Shape))
        {
            return new ValueSize(elements);
        }

        var more = grouped.NormOfGroups(other.Elements.Expand(elements.Shape));
        return grouped.Changed(elements, 1, grouped.HasGroupsOf(other) ? Math.Min(more, other.Radius) : more);
    }

    /// <summary>Bounds of the ℓ2 norms of the slices along an axis, in the shape without it.</summary>
    public Tensor Norms(int axis)
    {
        var last = Elements.Dimensions - 1;
        var at = axis < 0 ? axis + Elements.Dimensions : axis;
        var sizes = Elements.Transpose(at, last).Contiguous();
        var (bounds, indices) = (sizes.ToArray<double>(), Index?.Transpose(at, last).Contiguous().ToArray<double>());
        var length = (int)sizes.Size(-1);
        var norms = new double[length == 0 ? 0 : bounds.Length / length];
        for (var row = 0; row < norms.Length; row++)
        {
            norms[row] = Norm(bounds.AsSpan(row * length, length), indices is null ? [] : indices.AsSpan(row * length, length));
        }

        // The axis had traded places with the last dimension.
        var shape = sizes.Shape[..^1];
        return Tensor.FromArray(norms, [.. shape, 1]).Transpose(at, last).Squeeze(at);
    }

    /// <summary>The largest of the norms of the slices along an axis.</summary>
    public double LargestNorm(int axis) => Most(Norms(axis));

    // A group's part of a slice is no longer than the group, as long as no number of it comes twice.
    private double Norm(ReadOnlySpan<double> bounds, ReadOnlySpan<double> indices)
    {
        var all = TensorPrimitives.SumOfSquares(bounds);
        if (indices.IsEmpty)
        {
            return Math.Sqrt(all);
        }

        var groups = new Dictionary<long, (double Squares, bool Once)>();
        var seen = new HashSet<long>();
        for (var i = 0; i < bounds.Length; i++)
        {
            var index = (long)indices[i];
            var (squares, once) = groups.GetValueOrDefault(GroupOf[index], (0, true));
            groups[GroupOf[index]] = (squares + (bounds[i] * bounds[i]), seen.Add(index) && once);
        }

        return Math.Sqrt(Math.Min(all, groups.Values.Sum(group => group.Once ? Math.Min(group.Squares, Radius * Radius) : group.Squares)));
    }

    // The largest norm of a group's numbers in a tensor of the same shape.
    private double NormOfGroups(Tensor numbers)
    {
        var (values, indices) = (numbers.Contiguous().ToArray<double>(), Index!.Contiguous().ToArray<double>());
        var squares = new Dictionary<long, double>();
        for (var i = 0; i < values.Length; i++)
        {
            var group = GroupOf[(long)indices[i]];
            squares[group] = squares.GetValueOrDefault(group) + (values[i] * values[i]);
        }

        return squares.Count == 0 ? 0 : Math.Sqrt(squares.Values.Max());
    }

    private bool HasGroupsOf(ValueSize other)
    {
        if (!other.HasGroups || !other.Elements.Shape.AsSpan().SequenceEqual(Elements.Shape))
        {
            return false;
        }

        var (mine, others) = (Index!.Contiguous().ToArray<double>(), other.Index!.Contiguous().ToArray<double>());
        var partner = new Dictionary<long, long>();
        for (var i = 0; i < mine.Length; i++)
        {
            var (group, theirs) = (GroupOf[(long)mine[i]], other.GroupOf[(long)others[i]]);
            if (!partner.TryAdd(group, theirs) && partner[group] != theirs)
            {
                return false;
            }
        }

        return true;
    }

    private static Tensor Indices(long[] shape) =>
        Tensor.Arange(0, shape.Aggregate(1L, (product, size) => product * size), 1, ScalarType.Float64).Reshape(shape);

    private static double Most(Tensor bounds) => bounds.Elements == 0 ? 0 : bounds.Flatten().AMax([0]).Item();

    /// <summary>A tensor in float64 on the CPU.</summary>
    internal static Tensor Wide(Tensor tensor) => tensor.Detach().To(Device.Cpu).To(ScalarType.Float64);
}
