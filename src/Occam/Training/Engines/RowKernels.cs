using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Occam.Training.Engines;

/// <summary>
/// The three products that dense layers are made of, over rows of a matrix in memory: sums of rows, inner products with
/// rows, and a vector added to rows. Only the rows of an index are touched. Lengths are multiples of
/// <see cref="DenseKernels.Group"/>.
/// </summary>
/// <typeparam name="T">The vectors that it is done in.</typeparam>
internal static class RowKernels<T>
    where T : struct, ILanes<T>
{
    /// <summary>target ← initial + Σ_i weights_i rows[i] over the indices i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRows(
        Span<float> target, ReadOnlySpan<float> initial, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> indices,
        ReadOnlySpan<float> weights)
    {
        Debug.Assert(target.Length % DenseKernels.Group == 0 && initial.Length >= target.Length);
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(initial);
        ref var matrix = ref MemoryMarshal.GetReference(rows);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        var lanes = (nuint)T.Count;
        var length = (nuint)target.Length;
        var at = (nuint)0;
        for (; at + (8 * lanes) <= length; at += 8 * lanes)
        {
            var s0 = T.Load(ref from, at);
            var s1 = T.Load(ref from, at + lanes);
            var s2 = T.Load(ref from, at + (2 * lanes));
            var s3 = T.Load(ref from, at + (3 * lanes));
            var s4 = T.Load(ref from, at + (4 * lanes));
            var s5 = T.Load(ref from, at + (5 * lanes));
            var s6 = T.Load(ref from, at + (6 * lanes));
            var s7 = T.Load(ref from, at + (7 * lanes));
            for (var t = 0; t < indices.Length; t++)
            {
                var index = indices[t];
                ref var row = ref Row(ref matrix, stride, index, at);
                var w = T.All(Unsafe.Add(ref weight, index));
                s0 = T.MultiplyAdd(w, T.Load(ref row, 0), s0);
                s1 = T.MultiplyAdd(w, T.Load(ref row, lanes), s1);
                s2 = T.MultiplyAdd(w, T.Load(ref row, 2 * lanes), s2);
                s3 = T.MultiplyAdd(w, T.Load(ref row, 3 * lanes), s3);
                s4 = T.MultiplyAdd(w, T.Load(ref row, 4 * lanes), s4);
                s5 = T.MultiplyAdd(w, T.Load(ref row, 5 * lanes), s5);
                s6 = T.MultiplyAdd(w, T.Load(ref row, 6 * lanes), s6);
                s7 = T.MultiplyAdd(w, T.Load(ref row, 7 * lanes), s7);
            }

            T.Store(s0, ref to, at);
            T.Store(s1, ref to, at + lanes);
            T.Store(s2, ref to, at + (2 * lanes));
            T.Store(s3, ref to, at + (3 * lanes));
            T.Store(s4, ref to, at + (4 * lanes));
            T.Store(s5, ref to, at + (5 * lanes));
            T.Store(s6, ref to, at + (6 * lanes));
            T.Store(s7, ref to, at + (7 * lanes));
        }

        for (; at + (4 * lanes) <= length; at += 4 * lanes)
        {
            var s0 = T.Load(ref from, at);
            var s1 = T.Load(ref from, at + lanes);
            var s2 = T.Load(ref from, at + (2 * lanes));
            var s3 = T.Load(ref from, at + (3 * lanes));
            for (var t = 0; t < indices.Length; t++)
            {
                var index = indices[t];
                ref var row = ref Row(ref matrix, stride, index, at);
                var w = T.All(Unsafe.Add(ref weight, index));
                s0 = T.MultiplyAdd(w, T.Load(ref row, 0), s0);
                s1 = T.MultiplyAdd(w, T.Load(ref row, lanes), s1);
                s2 = T.MultiplyAdd(w, T.Load(ref row, 2 * lanes), s2);
                s3 = T.MultiplyAdd(w, T.Load(ref row, 3 * lanes), s3);
            }

            T.Store(s0, ref to, at);
            T.Store(s1, ref to, at + lanes);
            T.Store(s2, ref to, at + (2 * lanes));
            T.Store(s3, ref to, at + (3 * lanes));
        }

        for (; at + (2 * lanes) <= length; at += 2 * lanes)
        {
            var s0 = T.Load(ref from, at);
            var s1 = T.Load(ref from, at + lanes);
            for (var t = 0; t < indices.Length; t++)
            {
                var index = indices[t];
                ref var row = ref Row(ref matrix, stride, index, at);
                var w = T.All(Unsafe.Add(ref weight, index));
                s0 = T.MultiplyAdd(w, T.Load(ref row, 0), s0);
                s1 = T.MultiplyAdd(w, T.Load(ref row, lanes), s1);
            }

            T.Store(s0, ref to, at);
            T.Store(s1, ref to, at + lanes);
        }
    }

    /// <summary>products_t ← ⟨vector, rows[indices_t]⟩.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        ReadOnlySpan<float> vector, ReadOnlySpan<float> rows, int stride, ReadOnlySpan<int> indices, Span<float> products)
    {
        Debug.Assert(vector.Length % DenseKernels.Group == 0 && products.Length >= indices.Length);
        ref var v = ref MemoryMarshal.GetReference(vector);
        ref var matrix = ref MemoryMarshal.GetReference(rows);
        var lanes = (nuint)T.Count;
        var length = (nuint)vector.Length;
        var t = 0;
        var last = indices.Length - 1;

        // Four rows take hardly longer than one, whose sums wait for each other: where fewer are left, the last comes again.
        for (; t < last; t += 4)
        {
            var (third, fourth) = (Math.Min(t + 2, last), Math.Min(t + 3, last));
            ref var a = ref Row(ref matrix, stride, indices[t], 0);
            ref var b = ref Row(ref matrix, stride, indices[t + 1], 0);
            ref var c = ref Row(ref matrix, stride, indices[third], 0);
            ref var d = ref Row(ref matrix, stride, indices[fourth], 0);
            T a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
            for (var at = (nuint)0; at < length; at += 2 * lanes)
            {
                var v0 = T.Load(ref v, at);
                var v1 = T.Load(ref v, at + lanes);
                a0 = T.MultiplyAdd(v0, T.Load(ref a, at), a0);
                b0 = T.MultiplyAdd(v0, T.Load(ref b, at), b0);
                c0 = T.MultiplyAdd(v0, T.Load(ref c, at), c0);
                d0 = T.MultiplyAdd(v0, T.Load(ref d, at), d0);
                a1 = T.MultiplyAdd(v1, T.Load(ref a, at + lanes), a1);
                b1 = T.MultiplyAdd(v1, T.Load(ref b, at + lanes), b1);
                c1 = T.MultiplyAdd(v1, T.Load(ref c, at + lanes), c1);
                d1 = T.MultiplyAdd(v1, T.Load(ref d, at + lanes), d1);
            }

            products[t] = T.Sum(T.Add(a0, a1));
            products[t + 1] = T.Sum(T.Add(b0, b1));
            products[third] = T.Sum(T.Add(c0, c1));
            products[fourth] = T.Sum(T.Add(d0, d1));
        }

        if (t == last)
        {
            ref var row = ref Row(ref matrix, stride, indices[t], 0);
            T s0 = default, s1 = default;
            for (var at = (nuint)0; at < length; at += 2 * lanes)
            {
                s0 = T.MultiplyAdd(T.Load(ref v, at), T.Load(ref row, at), s0);
                s1 = T.MultiplyAdd(T.Load(ref v, at + lanes), T.Load(ref row, at + lanes), s1);
            }

            products[t] = T.Sum(T.Add(s0, s1));
        }
    }

    /// <summary>rows[i] ← rows[i] + scale weights_i vector for the indices i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddToRows(
        Span<float> rows, int stride, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, float scale, ReadOnlySpan<float> vector)
    {
        Debug.Assert(vector.Length % DenseKernels.Group == 0);
        ref var v = ref MemoryMarshal.GetReference(vector);
        ref var matrix = ref MemoryMarshal.GetReference(rows);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        var lanes = (nuint)T.Count;
        var length = (nuint)vector.Length;
        for (var at = (nuint)0; at < length; at += 2 * lanes)
        {
            var v0 = T.Load(ref v, at);
            var v1 = T.Load(ref v, at + lanes);
            for (var t = 0; t < indices.Length; t++)
            {
                var index = indices[t];
                ref var row = ref Row(ref matrix, stride, index, at);
                var w = T.All(scale * Unsafe.Add(ref weight, index));
                T.Store(T.MultiplyAdd(w, v0, T.Load(ref row, 0)), ref row, 0);
                T.Store(T.MultiplyAdd(w, v1, T.Load(ref row, lanes)), ref row, lanes);
            }
        }
    }

    /// <summary>target ← initial + scale vector; ‖vector‖² comes with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float AddScaled(Span<float> target, ReadOnlySpan<float> initial, ReadOnlySpan<float> vector, float scale)
    {
        Debug.Assert(target.Length % DenseKernels.Group == 0 && initial.Length >= target.Length && vector.Length >= target.Length);
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(initial);
        ref var v = ref MemoryMarshal.GetReference(vector);
        var lanes = (nuint)T.Count;
        var w = T.All(scale);
        T even = default, odd = default;
        for (var at = (nuint)0; at < (nuint)target.Length; at += 2 * lanes)
        {
            var (a, b) = (T.Load(ref v, at), T.Load(ref v, at + lanes));
            T.Store(T.MultiplyAdd(w, a, T.Load(ref from, at)), ref to, at);
            T.Store(T.MultiplyAdd(w, b, T.Load(ref from, at + lanes)), ref to, at + lanes);
            even = T.MultiplyAdd(a, a, even);
            odd = T.MultiplyAdd(b, b, odd);
        }

        return T.Sum(T.Add(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Row(ref float matrix, int stride, int index, nuint column) =>
        ref Unsafe.Add(ref matrix, (nuint)((uint)index * (uint)stride) + column);
}
