using System.Numerics;
using System.Runtime.InteropServices;

namespace Occam.Data;

/// <summary>Inputs stored as numbers of one type, as they are in the file.</summary>
internal sealed class ArrayDataSet<T> : StoredDataSet
    where T : unmanaged, INumber<T>
{
    private readonly T[] _inputs;

    public ArrayDataSet(DataSetFacts facts, T[] inputs) : base(facts)
    {
        if (inputs.Length != (long)Count * ExampleSize)
        {
            throw new ArgumentException($"{Count} examples of {ExampleSize} inputs are not {inputs.Length} numbers", nameof(inputs));
        }

        facts.CheckFinite(inputs);
        _inputs = inputs;
    }

    internal override bool IsImage => false;

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination) => Copy(indices, destination);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination) => Copy(indices, destination);

    private void Copy<TOut>(ReadOnlySpan<int> indices, Span<TOut> destination) where TOut : unmanaged, INumber<TOut>
    {
        CheckCopy(indices, destination.Length);
        var size = ExampleSize;
        for (var row = 0; row < indices.Length; row++)
        {
            CopyExample(_inputs.AsSpan((int)((long)indices[row] * size), size), destination.Slice(row * size, size));
        }
    }

    private void CopyExample<TOut>(ReadOnlySpan<T> example, Span<TOut> destination) where TOut : unmanaged, INumber<TOut>
    {
        if (Normalization is not { } normalization)
        {
            if (typeof(T) == typeof(TOut))
            {
                MemoryMarshal.Cast<T, TOut>(example).CopyTo(destination);
                return;
            }

            for (var i = 0; i < destination.Length; i++)
            {
                destination[i] = TOut.CreateTruncating(example[i]);
            }

            return;
        }

        int channels = normalization.Mean.Count, channelSize = example.Length / channels;
        for (int channel = 0, i = 0; channel < channels; channel++)
        {
            double mean = normalization.Mean[channel], deviation = normalization.StandardDeviation[channel];
            for (var end = i + channelSize; i < end; i++)
            {
                destination[i] = TOut.CreateTruncating((double.CreateTruncating(example[i]) - mean) / deviation);
            }
        }
    }
}
