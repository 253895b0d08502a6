namespace Occam.Data;

/// <summary>Images kept as bytes, a quarter of their size as numbers; a pixel's number is looked up as it is copied.</summary>
internal sealed class ImageDataSet : StoredDataSet
{
    private readonly byte[] _pixels;
    private readonly double[] _table;
    private readonly float[] _singleTable;

    public ImageDataSet(DataSetFacts facts, byte[] pixels) : base(facts)
    {
        if (pixels.Length != (long)Count * ExampleSize)
        {
            throw new ArgumentException($"{Count} images of {ExampleSize} bytes are not {pixels.Length} bytes", nameof(pixels));
        }

        _pixels = pixels;
        _table = new double[256 * ExampleShape[0]];
        for (var i = 0; i < _table.Length; i++)
        {
            var pixel = (i & 255) / 255.0;
            _table[i] = Normalization is { } n ? (pixel - n.Mean[i >> 8]) / n.StandardDeviation[i >> 8] : pixel;
        }

        _singleTable = Array.ConvertAll(_table, number => (float)number);
    }

    internal override bool IsImage => true;

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination) => Copy(indices, destination, _singleTable);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination) => Copy(indices, destination, _table);

    private void Copy<TOut>(ReadOnlySpan<int> indices, Span<TOut> destination, TOut[] numbers)
    {
        CheckCopy(indices, destination.Length);
        int channels = ExampleShape[0], size = ExampleSize, channelSize = size / channels;
        for (var row = 0; row < indices.Length; row++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var start = ((long)indices[row] * size) + (channel * channelSize);
                ReadOnlySpan<byte> source = _pixels.AsSpan((int)start, channelSize);
                var target = destination.Slice((row * size) + (channel * channelSize), channelSize);
                ReadOnlySpan<TOut> ofChannel = numbers.AsSpan(channel * 256, 256);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = ofChannel[source[i]];
                }
            }
        }
    }
}
