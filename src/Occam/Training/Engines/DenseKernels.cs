using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Occam.Training.Engines;

/// <summary>The products of <see cref="RowKernels{T}"/> in the widest vectors of this machine.</summary>
internal static class DenseKernels
{
    /// <summary>Lengths are multiples of it: at least two vectors of any width.</summary>
    public const int Group = 32;

    /// <summary>The numbers of examples that <see cref="StepRow"/> takes are multiples of it.</summary>
    public const int ExamplesAtOnce = 5;

    /// <summary>target ← initial + Σ_i weights_i rows[i] over the indices i.</summary>
    public static void AddRows(
        Span<float> target, ReadOnlySpan<float> initial, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> indices,
        ReadOnlySpan<float> weights)
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
    public static void Multiply(
        ReadOnlySpan<float> vector, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> indices, Span<float> products)
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

    /// <summary>rows[i] ← rows[i] + scale weights_i vector for the indices i.</summary>
    public static void AddToRows(
        Span<float> rows, int stride, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, float scale, ReadOnlySpan<float> vector)
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

    /// <summary>passed_n ← ⟨row, cotangents_n⟩ and target ← target + scale Σ_n inputs_n cotangents_n, over the examples n.</summary>
    public static void StepRow(
        ReadOnlySpan<float> row, Span<float> target, Span<float> partial, ReadOnlySpan<float> cotangents,
        ReadOnlySpan<int> examples, ReadOnlySpan<float> inputs, Span<float> passed, int stride, float scale)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            RowStep<WideLanes>.Take(row, target, partial, cotangents, examples, inputs, passed, stride, scale);
        }
        else
        {
            RowStep<UsualLanes>.Take(row, target, partial, cotangents, examples, inputs, passed, stride, scale);
        }
    }

    /// <summary>The indices of the numbers that aren't zero, and how many these are.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="indices">Room for as many indices as there are such numbers.</param>
    /// <param name="bits">For every group, where <paramref name="stride"/> is from one to the next: a bit for each number that isn't
    /// zero.</param>
    /// <param name="stride">From a group's bits to the next's.</param>
    public static int FindBusy(ReadOnlySpan<float> numbers, Span<int> indices, Span<uint> bits, int stride)
    {
        Debug.Assert(numbers.Length % Group == 0);
        ref var number = ref MemoryMarshal.GetReference(numbers);
        var taken = 0;
        for (var at = 0; at < numbers.Length; at += Group)
        {
            var busy = Busy(ref number, at)
                | (Busy(ref number, at + 8) << 8)
                | (Busy(ref number, at + 16) << 16)
                | (Busy(ref number, at + 24) << 24);
            bits[at / Group * stride] = busy;
            for (; busy != 0; busy &= busy - 1)
            {
                indices[taken++] = at + BitOperations.TrailingZeroCount(busy);
            }
        }

        return taken;
    }

    /// <summary>target ← initial + scale vector; ‖vector‖² comes with it.</summary>
    public static float AddScaled(Span<float> target, ReadOnlySpan<float> initial, ReadOnlySpan<float> vector, float scale) =>
        Vector512.IsHardwareAccelerated
            ? RowKernels<WideLanes>.AddScaled(target, initial, vector, scale)
            : RowKernels<UsualLanes>.AddScaled(target, initial, vector, scale);

    // A bit for each of eight numbers.
    private static uint Busy(ref float numbers, int at) =>
        ~Vector256.Equals(Vector256.LoadUnsafe(ref numbers, (nuint)at), Vector256<float>.Zero).ExtractMostSignificantBits() & 0xFF;
}
