namespace Occam.Training.Engines;

/// <summary>A vector for each example of a batch, its cotangent, and which of its elements aren't zero.</summary>
internal sealed class DenseValues
{
    private readonly int[] _indices;
    private readonly int[] _counts;
    private readonly uint[] _bits;

    /// <param name="width">The numbers of an example.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    /// <param name="zerosAreIdle">Whether zeros need no cotangent.</param>
    public DenseValues(int width, int capacity, bool zerosAreIdle)
    {
        Width = width;
        Stride = AlignedArray.Padded(width);
        Idle = capacity;
        Numbers = new AlignedArray(checked((capacity + 1) * Stride));
        Cotangents = new AlignedArray((capacity + 1) * Stride);
        ZerosAreIdle = zerosAreIdle;
        _indices = new int[zerosAreIdle ? capacity * width : width];
        _counts = new int[capacity];
        _bits = new uint[capacity * (Stride / DenseKernels.Group)];
        if (!zerosAreIdle)
        {
            for (var j = 0; j < width; j++)
            {
                _indices[j] = j;
                _bits.AsSpan(j / DenseKernels.Group * capacity, capacity).Fill(
                    uint.MaxValue >> (DenseKernels.Group - 1 - (j % DenseKernels.Group)));
            }
        }
    }

    public int Width { get; }

    /// <summary>From one example to the next; what is beyond the width stays zero.</summary>
    public int Stride { get; }

    /// <summary>An example beyond the last, which stays zero.</summary>
    public int Idle { get; }

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

    /// <summary>Finds the elements that aren't idle.</summary>
    public void Find(int count)
    {
        if (!ZerosAreIdle)
        {
            return;
        }

        for (var n = 0; n < count; n++)
        {
            _counts[n] = DenseKernels.FindBusy(Of(n), _indices.AsSpan(n * Width, Width), _bits.AsSpan(n), _counts.Length);
        }
    }

    /// <summary>The indices of an example's elements that aren't idle.</summary>
    public ReadOnlySpan<int> Busy(int example) =>
        ZerosAreIdle ? _indices.AsSpan(example * Width, _counts[example]) : _indices;

    /// <summary>For every example, the bits of a group's elements: 1 where it isn't idle.</summary>
    public ReadOnlySpan<uint> BusyBits(int group) => _bits.AsSpan(group * _counts.Length, _counts.Length);
}
