using Occam.Data;
using Picture = Occam.Lab.Reports.Picture;

namespace Occam.Lab.Measuring;

/// <summary>What an example looks like.</summary>
public static class ExamplePicture
{
    /// <summary>Its picture, before normalization; null where the data are no images of one or three channels.</summary>
    /// <param name="data">The data.</param>
    /// <param name="index">The example's number.</param>
    public static Picture? Of(DataSet data, int index)
    {
        if (data.ExampleShape is not [1 or 3, > 1, > 1])
        {
            return null;
        }

        var (channels, height, width) = (data.ExampleShape[0], data.ExampleShape[1], data.ExampleShape[2]);
        var values = new float[data.ExampleSize];
        data.CopyInputs([index], values);
        if (data.Normalization is { } normalization)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var channel = normalization.Mean.Count == 1 ? 0 : i / (height * width);
                values[i] = (float)((values[i] * normalization.StandardDeviation[channel]) + normalization.Mean[channel]);
            }
        }

        // Pixels lie in [0, 1]; arrays of one's own may lie anywhere.
        const float rounding = 1e-3f;
        var (least, greatest) = (values.Min(), values.Max());
        return least >= -rounding && greatest <= 1 + rounding
            ? Picture.FromChannels(values, channels, height, width)
            : Picture.FromChannels(values, channels, height, width, least, greatest);
    }
}
