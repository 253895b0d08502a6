using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

/// <summary>The published sets themselves, where they are at hand: shared/data beside the repository or above it.</summary>
public sealed class RealDataTests
{
    [Theory]
    [InlineData("mnist:train", 60_000, 1e-4)]
    [InlineData("fashion-mnist:train", 60_000, 1e-4)]
    [InlineData("cifar10:train", 10_000, 3e-3)] // one batch of five, so only near the whole set's numbers
    public void The_usual_normalization_is_that_of_the_training_pixels(string specification, int count, double tolerance)
    {
        DataSet set = Open(specification, NormalizationChoice.None);
        Assert.InRange(set.Count, count, 60_000);
        Normalization usual = DataCatalogue.Find(specification.Split(':')[0]).Normalization;
        int channels = set.ExampleShape[0], size = set.ExampleSize / channels;
        double[] sum = new double[channels], squares = new double[channels];
        double[] x = new double[set.ExampleSize];
        for (int i = 0; i < set.Count; i++)
        {
            set.CopyInputs([i], x);
            for (int j = 0; j < x.Length; j++)
            {
                sum[j / size] += x[j];
                squares[j / size] += x[j] * x[j];
            }
        }

        for (int channel = 0; channel < channels; channel++)
        {
            double mean = sum[channel] / set.Count / size;
            Assert.Equal(usual.Mean[channel], mean, tolerance);
            Assert.Equal(usual.StandardDeviation[channel], Math.Sqrt((squares[channel] / set.Count / size) - (mean * mean)), tolerance);
        }
    }

    /// <summary>The first test labels of each set are well known: a 7, an ankle boot, a cat.</summary>
    [Theory]
    [InlineData("mnist:test", 7)]
    [InlineData("fashion-mnist:test", 9)]
    [InlineData("cifar10:test", 3)]
    public void The_test_parts_open_with_ten_thousand_labelled_images(string specification, int firstLabel)
    {
        DataSet set = Open(specification, NormalizationChoice.Default);
        Assert.Equal(10_000, set.Count);
        Assert.Equal(firstLabel, set.Labels![0]);
        Assert.Equal(10, set.Classes);
        Assert.Contains("10,000 examples", set.Description);
    }

    private static DataSet Open(string specification, NormalizationChoice normalization) =>
        DataSource.Open(specification, new() { Root = SharedData.Require(), Normalization = normalization });
}
