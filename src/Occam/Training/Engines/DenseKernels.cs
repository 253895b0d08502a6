using System.Numerics;
using System.Runtime.Intrinsics;

namespace Occam.Training.Engines;

/// <summary>The products of <see cref="RowKernels{T}"/> in the widest vectors of this machine.</summary>
internal static class DenseKernels
{
    /// <summary>Lengths are multiples of it: at least two vectors of any width.</summary>
    public const int Group = 32;

    /// <summary>target ← initial + Σ_t weights_t rows[indices_t].</summary>
    public static void AddRows(Span<float> target, ReadOnlySpan<float> initial, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            RowKernels<WideLanes>.AddRows(target, initial, rows, stride, indices, weights);
        }
        else
        {
            RowKernels<UsualLanes>.AddRows(target, initial, rows, stride, indices, weights);
        }
    }

    /// <summary>products_t ← ⟨vector, rows[indices_t]⟩.</summary>
    public static void Multiply(ReadOnlySpan<float> vector, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> indices, Span<float> products)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            RowKernels<WideLanes>.Multiply(vector, rows, stride, indices, products);
        }
        else
        {
            RowKernels<UsualLanes>.Multiply(vector, rows, stride, indices, products);
        }
    }

    /// <summary>rows[indices_t] ← rows[indices_t] + scale weights_t vector.</summary>
    public static void AddToRows(Span<float> rows, int stride, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, float scale, ReadOnlySpan<float> vector)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            RowKernels<WideLanes>.AddToRows(rows, stride, indices, weights, scale, vector);
        }
        else
        {
            RowKernels<UsualLanes>.AddToRows(rows, stride, indices, weights, scale, vector);
        }
    }

    /// <summary>‖vector‖, of a length of whole groups.</summary>
    public static double Norm(ReadOnlySpan<float> vector)
    {
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
        for (var at = 0; at < vector.Length; at += 2 * Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(vector[at..]), new Vector<float>(vector[(at + Vector<float>.Count)..]));
            even += a * a;
            odd += b * b;
        }

        return Math.Sqrt(Vector.Sum(even + odd));
    }
}
