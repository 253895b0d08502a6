namespace Occam.Data;

/// <summary>
/// A procedural image set that needs no files: the ten digits drawn with random bends, affine maps, pens and pixel
/// noise, 28×28, grey. A count and a seed draw the same bytes on every machine.
/// </summary>
public static class Glyphs
{
    /// <summary>The size of <c>glyphs:train</c>.</summary>
    public const int TrainingCount = 10_000;

    /// <summary>The size of <c>glyphs:test</c>.</summary>
    public const int TestCount = 2_000;

    private const int TrainingSeed = 1;
    private const int TestSeed = 2;

    /// <summary>The mean and standard deviation of the pixels of <c>glyphs:train</c>, to four digits.</summary>
    public static Normalization UsualNormalization { get; } = new([0.1404], [0.2598]);

    /// <summary>Draws a set of its own.</summary>
    /// <param name="count">How many images; the classes are equally many where ten divides it, and in random order.</param>
    /// <param name="seed">Sets of different seeds share no image.</param>
    /// <param name="normalization">The usual normalization when absent.</param>
    /// <exception cref="OccamException">The count is not positive.</exception>
    public static DataSet Create(int count, int seed, NormalizationChoice? normalization = null) =>
        Draw($"glyphs({count}, seed {seed})", count, seed, normalization ?? NormalizationChoice.Default);

    internal static DataSet OpenTrain(NormalizationChoice normalization) =>
        Draw("glyphs:train", TrainingCount, TrainingSeed, normalization);

    internal static DataSet OpenTest(NormalizationChoice normalization) => Draw("glyphs:test", TestCount, TestSeed, normalization);

    private static ImageDataSet Draw(string name, int count, int seed, NormalizationChoice normalization)
    {
        if (count <= 0)
        {
            throw new OccamException($"{count} glyphs can't be drawn: ask for at least 1");
        }

        const int size = GlyphRenderer.Side * GlyphRenderer.Side;
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 10;
        }

        // Stream −1 orders the labels; image i draws from stream i.
        new SeededRandom(seed, -1).Shuffle(labels.AsSpan());
        var pixels = new byte[checked(count * size)];
        var renderer = new GlyphRenderer();
        for (var i = 0; i < count; i++)
        {
            renderer.Draw(labels[i], new SeededRandom(seed, i), pixels.AsSpan(i * size, size));
        }

        var facts =
            new DataSetFacts(name, $"drawn by Occam with seed {seed}", [1, GlyphRenderer.Side, GlyphRenderer.Side], count, labels, null)
            {
                KnownClasses = 10,
                Normalization = normalization.Resolve(UsualNormalization),
            };
        return new ImageDataSet(facts, pixels);
    }
}
