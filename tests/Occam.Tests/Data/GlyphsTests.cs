using System.Security.Cryptography;
using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

public sealed class GlyphsTests
{
    private static readonly Lazy<(DataSet Set, double[] Pixels)> Train = new(() => Draw(Glyphs.OpenTrain(NormalizationChoice.None)));
    private static readonly Lazy<(DataSet Set, double[] Pixels)> Test = new(() => Draw(Glyphs.OpenTest(NormalizationChoice.None)));

    [Fact]
    public void Classes_are_equally_many_and_in_random_order()
    {
        Assert.All(Train.Value.Set.Labels!.CountBy(label => label), pair => Assert.Equal(1000, pair.Value));
        Assert.All(Test.Value.Set.Labels!.CountBy(label => label), pair => Assert.Equal(200, pair.Value));
        Assert.NotEqual(Train.Value.Set.Labels![..20], Train.Value.Set.Labels![20..40]);
        Assert.Equal([1, 28, 28], Train.Value.Set.ExampleShape);
    }

    [Fact]
    public void The_usual_normalization_is_the_mean_and_deviation_of_the_training_pixels()
    {
        double[] x = Train.Value.Pixels;
        double mean = x.Average();
        Assert.Equal(mean, Glyphs.UsualNormalization.Mean[0], 1e-3);
        Assert.Equal(Math.Sqrt(x.Average(v => (v - mean) * (v - mean))), Glyphs.UsualNormalization.StandardDeviation[0], 1e-3);
    }

    /// <summary>
    /// The digest was recorded from the first version of the renderer; it holds on every machine, or the set is not one set.
    /// </summary>
    [Fact]
    public void The_test_images_are_the_same_bytes_everywhere()
    {
        byte[] bytes = Array.ConvertAll(Test.Value.Pixels, pixel => (byte)Math.Round(pixel * 255));
        Assert.Equal("b6e9dc947816f5fab50d3f09dd90c26dd81b0da0118c59402e913e56cd4e7d74", Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void The_class_means_tell_the_digits_apart_but_not_all_of_them()
    {
        double[][] means = [.. Enumerable.Range(0, 10).Select(digit => Mean(Train.Value, digit))];
        (DataSet set, double[] pixels) = Test.Value;
        int right = Enumerable.Range(0, set.Count).Count(i =>
        {
            double[] image = pixels[(i * 784)..((i + 1) * 784)];
            return set.Labels![i] == Enumerable.Range(0, 10).MinBy(digit => SquaredDistance(image, means[digit]));
        });
        Assert.InRange(right / (double)set.Count, 0.65, 0.95);
    }

    [Fact]
    public void Seeds_draw_different_images()
    {
        Assert.NotEqual(Draw(Glyphs.Create(10, 5)).Pixels, Draw(Glyphs.Create(10, 6)).Pixels);
        Assert.Equal(Draw(Glyphs.Create(10, 5)).Pixels, Draw(Glyphs.Create(10, 5)).Pixels);
        Assert.Throws<OccamException>(() => Glyphs.Create(0, 5));
    }

    private static (DataSet Set, double[] Pixels) Draw(DataSet set)
    {
        double[] pixels = new double[set.Count * set.ExampleSize];
        set.CopyInputs([.. Enumerable.Range(0, set.Count)], pixels);
        return (set, pixels);
    }

    private static double[] Mean((DataSet Set, double[] Pixels) data, int digit)
    {
        int[] members = [.. Enumerable.Range(0, data.Set.Count).Where(i => data.Set.Labels![i] == digit)];
        return [.. Enumerable.Range(0, 784).Select(pixel => members.Average(i => data.Pixels[(i * 784) + pixel]))];
    }

    private static double SquaredDistance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
}
