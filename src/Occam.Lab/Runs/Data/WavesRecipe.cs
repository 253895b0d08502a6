using Occam.Data;

namespace Occam.Lab.Runs.Data;

/// <summary>
/// Task 1 of Loukas et al. 2021: y = cos(2πωz₁)cos(2πωz₂) on z uniform in [−1, 1]², embedded isometrically in more
/// dimensions by two columns of a random orthogonal matrix.
/// </summary>
/// <param name="Frequency">ω.</param>
public sealed record WavesRecipe(double Frequency) : DataRecipe("waves")
{
    private const int Dimensions = 2;
    private const int MostInputs = 1 << 20;
    private const long MostNumbers = 1L << 27;
    private const long EmbeddingStream = 1;
    private const long TrainStream = 2;
    private const long TestStream = 3;

    /// <summary>Training examples.</summary>
    public int Train { get; init; } = 100;

    /// <summary>Test examples.</summary>
    public int Test { get; init; } = 30;

    /// <summary>Inputs, at least 2.</summary>
    public int Inputs { get; init; } = 10;

    /// <summary>What the inputs are multiplied by.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The seed of the points and the embedding.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override DataSet OpenTrain() => Draw("waves:train", Train, TrainStream);

    /// <inheritdoc/>
    public override DataSet? OpenTest() => Draw("waves:test", Test, TestStream);

    private DataSet Draw(string name, int count, long stream)
    {
        if (count < 1 || Inputs < Dimensions)
        {
            throw new OccamException($"waves can't have {count} examples of {Inputs} inputs: give at least 1 and {Dimensions}");
        }

        if (Inputs > MostInputs || (long)count * Inputs > MostNumbers)
        {
            throw new OccamException($"waves can't have {count} examples of {Inputs} inputs: give at most {MostInputs} inputs, and "
                + $"{MostNumbers} numbers in all");
        }

        var random = new SeededRandom(Seed, stream);
        var embedding = Embedding();
        var x = new float[count * Inputs];
        var y = new double[count];
        for (var i = 0; i < count; i++)
        {
            double[] z = [random.NextDouble(-1, 1), random.NextDouble(-1, 1)];
            y[i] = Math.Cos(2 * Math.PI * Frequency * z[0]) * Math.Cos(2 * Math.PI * Frequency * z[1]);
            for (var j = 0; j < Inputs; j++)
            {
                x[(i * Inputs) + j] = (float)(Scale * ((embedding[0][j] * z[0]) + (embedding[1][j] * z[1])));
            }
        }

        return DataSet.FromArrays(name, [Inputs], x, targets: y);
    }

    // Two orthonormal vectors of uniformly random direction: normal ones, the second freed of the first (Gram–Schmidt).
    private double[][] Embedding()
    {
        var random = new SeededRandom(Seed, EmbeddingStream);
        double[] Normal() => [.. Enumerable.Range(0, Inputs).Select(_ => random.NextGaussian())];
        static double[] Unit(double[] v)
        {
            var length = Math.Sqrt(v.Sum(value => value * value));
            return [.. v.Select(value => value / length)];
        }

        var first = Unit(Normal());
        var second = Normal();
        var along = first.Zip(second, (a, b) => a * b).Sum();
        return [first, Unit([.. second.Zip(first, (b, a) => b - (along * a))])];
    }
}
