namespace Occam.Training;

/// <summary>Random changes of images (channels × height × width), drawn anew for every example of every step.</summary>
/// <param name="Crop">Pixels of zeros (after normalization) put around an image before a window of its own size is cut from it at random; 0
/// for none.</param>
/// <param name="Flip">Whether half of the images are mirrored left to right.</param>
public sealed record Augmentation(int Crop = 0, bool Flip = false)
{
    /// <summary>Changes one image in place.</summary>
    internal void Apply(Span<float> image, int channels, int height, int width, SeededRandom random, float[] scratch)
    {
        var flip = Flip && random.NextInt(2) == 1;
        var (down, right) = Crop > 0 ? (random.NextInt((2 * Crop) + 1) - Crop, random.NextInt((2 * Crop) + 1) - Crop) : (0, 0);
        if (!flip && down == 0 && right == 0)
        {
            return;
        }

        image.CopyTo(scratch);
        for (var c = 0; c < channels; c++)
        {
            for (var i = 0; i < height; i++)
            {
                var row = image.Slice(((c * height) + i) * width, width);
                var from = i + down;
                if (from < 0 || from >= height)
                {
                    row.Clear();
                    continue;
                }

                var source = scratch.AsSpan(((c * height) + from) * width, width);
                for (var j = 0; j < width; j++)
                {
                    var at = (flip ? width - 1 - j : j) + right;
                    row[j] = at >= 0 && at < width ? source[at] : 0;
                }
            }
        }
    }

    internal string? Problem(IReadOnlyList<int> shape) =>
        Crop < 0 ? $"a crop of {Crop} pixels can't be: give 0 or more"
        : (Crop > 0 || Flip) && shape.Count
            != 3 ? $"only images can be cropped and flipped, and an example here has {shape.Count} dimension{(shape.Count == 1 ? "" : "s")}"
        : null;
}
