using Occam.Data;

namespace Occam.Tests.Training;

/// <summary>Small data sets to train on.</summary>
internal static class TrainingData
{
    /// <summary>Task 1 of Loukas et al. 2021 without its embedding: a product of cosines on [−1, 1]^d.</summary>
    public static DataSet Waves(int count, int inputs, double frequency = 0.5, int seed = 0)
    {
        var random = new SeededRandom(seed);
        var x = new float[count * inputs];
        var y = new double[count];
        for (var i = 0; i < count; i++)
        {
            y[i] = 1;
            for (var j = 0; j < inputs; j++)
            {
                x[(i * inputs) + j] = (float)random.NextDouble(-1, 1);
                y[i] *= Math.Cos(2 * Math.PI * frequency * x[(i * inputs) + j]);
            }
        }

        return DataSet.FromArrays("waves", [inputs], x, targets: y);
    }

    /// <summary>Classes of small images: which of the quarters is bright.</summary>
    public static DataSet Quarters(int count, int size = 6, int classes = 4, int seed = 0)
    {
        var random = new SeededRandom(seed);
        var x = new float[count * size * size];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.NextInt(classes);
            for (var p = 0; p < size * size; p++)
            {
                var quarter = (p / size < size / 2 ? 0 : 2) + (p % size < size / 2 ? 0 : 1);
                x[(i * size * size) + p] = (float)((0.5 * random.NextGaussian()) + (quarter == labels[i] ? 1 : 0));
            }
        }

        return DataSet.FromArrays("quarters", [1, size, size], x, labels);
    }
}
