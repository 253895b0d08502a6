using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Occam.Training.Engines;

/// <summary>A vector for each example of a batch, its cotangent, and which of its elements aren't zero.</summary>
internal sealed class DenseValues
{
    private readonly int[] _indices;
    private readonly float[] _found;
    private readonly int[] _counts;

    /// <param name="width">The numbers of an example.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    /// <param name="zerosAreIdle">Whether zeros need no cotangent.</param>
    public DenseValues(int width, int capacity, bool zerosAreIdle)
    {
        Width = width;
        Stride = AlignedArray.Padded(width);
        Numbers = new AlignedArray(checked(capacity * Stride));
        Cotangents = new AlignedArray(capacity * Stride);
        ZerosAreIdle = zerosAreIdle;
        _indices = new int[zerosAreIdle ? capacity * width : width];
        _found = new float[zerosAreIdle ? capacity * width : 0];
        _counts = new int[capacity];
        if (!zerosAreIdle)
        {
            for (var j = 0; j < width; j++)
            {
                _indices[j] = j;
            }
        }
    }

    public int Width { get; }

    /// <summary>From one example to the next; what is beyond the width stays zero.</summary>
    public int Stride { get; }

    public AlignedArray Numbers { get; }

    public AlignedArray Cotangents { get; }

    public bool ZerosAreIdle { get; }

    public Span<float> Of(int example) => Numbers.Span.Slice(example * Stride, Stride);

    public Span<float> CotangentsOf(int example) => Cotangents.Span.Slice(example * Stride, Stride);

    /// <summary>Takes examples that stand one after the other.</summary>
    public void Take(ReadOnlySpan<float> inputs, int count)
    {
        for (var n = 0; n < count; n++)
        {
            inputs.Slice(n * Width, Width).CopyTo(Of(n));
        }
    }

    /// <summary>Finds the elements that aren't idle, without a branch for each.</summary>
    public void Find(int count)
    {
        if (!ZerosAreIdle)
        {
            return;
        }

        for (var n = 0; n < count; n++)
        {
            // Never more are taken than were looked at, so that all writes stay within.
            ref var numbers = ref MemoryMarshal.GetReference(Of(n));
            ref var indices = ref MemoryMarshal.GetReference(_indices.AsSpan(n * Width, Width));
            ref var found = ref MemoryMarshal.GetReference(_found.AsSpan(n * Width, Width));
            var taken = 0;
            for (var j = 0; j < Width; j++)
            {
                var number = Unsafe.Add(ref numbers, j);
                Unsafe.Add(ref indices, taken) = j;
                Unsafe.Add(ref found, taken) = number;
                var counts = number != 0;
                taken += Unsafe.BitCast<bool, byte>(counts);
            }

            _counts[n] = taken;
        }
    }

    /// <summary>The indices of an example's elements that aren't idle.</summary>
    public ReadOnlySpan<int> Busy(int example) =>
        ZerosAreIdle ? _indices.AsSpan(example * Width, _counts[example]) : _indices;

    /// <summary>The elements that aren't idle.</summary>
    public ReadOnlySpan<float> BusyNumbers(int example) =>
        ZerosAreIdle ? _found.AsSpan(example * Width, _counts[example]) : Of(example);
}
