using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Occam.Training.Engines;

/// <summary>
/// A row of a matrix with a row for each input, on the way back: what it passes to its input, and its own step, while it
/// is read once for several examples.
/// </summary>
/// <typeparam name="T">The vectors that it is done in.</typeparam>
internal static class RowStep<T>
    where T : struct, ILanes<T>
{
    // So many products, their weights and what is loaded fit into 16 registers.
    private const int AtOnce = DenseKernels.ExamplesAtOnce;

    /// <summary>
    /// passed_n ← ⟨row, cotangents_n⟩ and target ← target + scale Σ_n inputs_n cotangents_n, over the examples n.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="target">The row itself, or its gradient.</param>
    /// <param name="partial">Memory for a part of the sum.</param>
    /// <param name="cotangents">The cotangents of all examples, a row for each.</param>
    /// <param name="examples">The examples that take part, a multiple of <see cref="DenseKernels.ExamplesAtOnce"/>.</param>
    /// <param name="inputs">The input of every example, <paramref name="stride"/> numbers from one to the next.</param>
    /// <param name="passed">The input's cotangent for every example, likewise.</param>
    /// <param name="stride">From one example's input to the next.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Take(
        ReadOnlySpan<float> row, Span<float> target, Span<float> partial, ReadOnlySpan<float> cotangents,
        ReadOnlySpan<int> examples, ReadOnlySpan<float> inputs, Span<float> passed, int stride, float scale)
    {
        Debug.Assert(row.Length % DenseKernels.Group == 0 && examples.Length % AtOnce == 0);
        ref var old = ref MemoryMarshal.GetReference(row);
        ref var from = ref MemoryMarshal.GetReference(target);
        ref var vectors = ref MemoryMarshal.GetReference(cotangents);
        ref var input = ref MemoryMarshal.GetReference(inputs);
        ref var back = ref MemoryMarshal.GetReference(passed);
        ref var example = ref MemoryMarshal.GetReference(examples);
        var lanes = (nuint)T.Count;
        var length = (nuint)row.Length;
        for (var t = 0; t < examples.Length; t += AtOnce)
        {
            var (first, second, third) = (Unsafe.Add(ref example, t), Unsafe.Add(ref example, t + 1), Unsafe.Add(ref example, t + 2));
            var (fourth, fifth) = (Unsafe.Add(ref example, t + 3), Unsafe.Add(ref example, t + 4));
            ref var a = ref RowKernels<T>.Row(ref vectors, row.Length, first, 0);
            ref var b = ref RowKernels<T>.Row(ref vectors, row.Length, second, 0);
            ref var c = ref RowKernels<T>.Row(ref vectors, row.Length, third, 0);
            ref var d = ref RowKernels<T>.Row(ref vectors, row.Length, fourth, 0);
            ref var e = ref RowKernels<T>.Row(ref vectors, row.Length, fifth, 0);
            var wa = T.All(scale * Unsafe.Add(ref input, first * stride));
            var wb = T.All(scale * Unsafe.Add(ref input, second * stride));
            var wc = T.All(scale * Unsafe.Add(ref input, third * stride));
            var wd = T.All(scale * Unsafe.Add(ref input, fourth * stride));
            var we = T.All(scale * Unsafe.Add(ref input, fifth * stride));

            // The products are with the row as it was.
            ref var to = ref MemoryMarshal.GetReference(t + AtOnce < examples.Length ? partial : target);
            T pa = default, pb = default, pc = default, pd = default, pe = default;
            for (var at = (nuint)0; at < length; at += lanes)
            {
                var weights = T.Load(ref old, at);
                var sum = T.Load(ref from, at);
                var v = T.Load(ref a, at);
                pa = T.MultiplyAdd(v, weights, pa);
                sum = T.MultiplyAdd(v, wa, sum);
                v = T.Load(ref b, at);
                pb = T.MultiplyAdd(v, weights, pb);
                sum = T.MultiplyAdd(v, wb, sum);
                v = T.Load(ref c, at);
                pc = T.MultiplyAdd(v, weights, pc);
                sum = T.MultiplyAdd(v, wc, sum);
                v = T.Load(ref d, at);
                pd = T.MultiplyAdd(v, weights, pd);
                sum = T.MultiplyAdd(v, wd, sum);
                v = T.Load(ref e, at);
                pe = T.MultiplyAdd(v, weights, pe);
                sum = T.MultiplyAdd(v, we, sum);
                T.Store(sum, ref to, at);
            }

            Unsafe.Add(ref back, first * stride) = T.Sum(pa);
            Unsafe.Add(ref back, second * stride) = T.Sum(pb);
            Unsafe.Add(ref back, third * stride) = T.Sum(pc);
            Unsafe.Add(ref back, fourth * stride) = T.Sum(pd);
            Unsafe.Add(ref back, fifth * stride) = T.Sum(pe);
            from = ref to;
        }
    }
}
