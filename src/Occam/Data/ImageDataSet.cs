namespace Occam.Data;

/// <summary>Images kept as bytes, a quarter of their size as numbers; a pixel's number is looked up as it is copied.</summary>
internal sealed class ImageDataSet : StoredDataSet
{
    private readonly byte[] pixels;
    private readonly double[] table;
    private readonly float[] singleTable;

    public ImageDataSet(DataSetFacts facts, byte[] pixels) : base(facts)
    {
        if (pixels.Length != (long)Count * ExampleSize)
        {
            throw new ArgumentException($"{Count} images of {ExampleSize} bytes are not {pixels.Length} bytes.", nameof(pixels));
        }

        this.pixels = pixels;
        table = new double[256 * ExampleShape[0]];
        for (int i = 0; i < table.Length; i++)
        {
            double pixel = (i & 255) / 255.0;
            table[i] = Normalization is { } n ? (pixel - n.Mean[i >> 8]) / n.StandardDeviation[i >> 8] : pixel;
        }

        singleTable = Array.ConvertAll(table, number => (float)number);
    }

    internal override bool IsImage => true;

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination) => Copy(indices, destination, singleTable);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination) => Copy(indices, destination, table);

    private void Copy<TOut>(ReadOnlySpan<int> indices, Span<TOut> destination, TOut[] numbers)
    {
        CheckCopy(indices, destination.Length);
        int channels = ExampleShape[0], size = ExampleSize, channelSize = size / channels;
        for (int row = 0; row < indices.Length; row++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                long start = ((long)indices[row] * size) + (channel * channelSize);
                ReadOnlySpan<byte> source = pixels.AsSpan((int)start, channelSize);
                Span<TOut> target = destination.Slice((row * size) + (channel * channelSize), channelSize);
                ReadOnlySpan<TOut> ofChannel = numbers.AsSpan(channel * 256, 256);
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = ofChannel[source[i]];
                }
            }
        }
    }
}
