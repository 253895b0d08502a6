using Occam.Data;

namespace Occam.Ui.Views;

/// <summary>An example as the network takes it, and as a person sees it.</summary>
internal static class ExampleScale
{
    /// <summary>An example of the data, normalized.</summary>
    public static float[] Input(DataSet data, int index)
    {
        var input = new float[data.ExampleSize];
        data.CopyInputs([index], input.AsSpan());
        return input;
    }

    /// <summary>An input as it was before the normalization.</summary>
    public static IEnumerable<double> Shown(DataSet data, float[] input) => input.Select((value, i) => data.Normalization is { } by
        ? (value * Of(by.StandardDeviation, data, i)) + Of(by.Mean, data, i) : value);

    /// <summary>A picture of another's, of pixels from 0 to 1 as 32-bit numbers in base 64, normalized as the data are.</summary>
    /// <exception cref="OccamException">It isn't one, or of another size.</exception>
    public static float[] Picture(DataSet data, string text)
    {
        var bytes = new byte[data.ExampleSize * sizeof(float)];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length != bytes.Length)
        {
            throw new OccamException($"expected a picture of {data.ExampleSize} numbers, {string.Join('×', data.ExampleShape)}");
        }

        var pixels = new float[data.ExampleSize];
        Buffer.BlockCopy(bytes, 0, pixels, 0, bytes.Length);
        return pixels.All(float.IsFinite)
            ? [.. pixels.Select((value, i) => data.Normalization is { } by
                ? (float)((value - Of(by.Mean, data, i)) / Of(by.StandardDeviation, data, i)) : value)]
            : throw new OccamException("the picture holds numbers that aren't finite");
    }

    /// <summary>How steep an output is by each pixel: the root of the sum of squares over channels; by each input without any.</summary>
    public static double[] OverChannels(DataSet data, ReadOnlySpan<double> gradient)
    {
        var size = data.ExampleShape.Count == 3 ? data.ExampleShape[1] * data.ExampleShape[2] : gradient.Length;
        var squares = new double[size];
        for (var i = 0; i < gradient.Length; i++)
        {
            squares[i % size] += gradient[i] * gradient[i];
        }

        return Array.ConvertAll(squares, Math.Sqrt);
    }

    // One number alone serves all channels; the channel is the first index of an example.
    private static double Of(IReadOnlyList<double> numbers, DataSet data, int place) =>
        numbers.Count == 1 ? numbers[0] : numbers[place / (data.ExampleSize / data.ExampleShape[0])];
}
