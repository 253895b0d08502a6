using Occam.Lab.Experiments.Neyshabur2017;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Trainings and measurements of Neyshabur et al. 2017 that were made up.</summary>
internal static class MadeUpClassifiers
{
    /// <summary>A training that ended as it should.</summary>
    public static TrainedRun Trained(
        string group, double level, int seed, bool random = false, double trainingError = 0, double testError = 0.3) =>
        new(group, level, seed, random, 20, 0.005, trainingError, testError, trainingError == 0);

    /// <summary>Norms by their logarithms, over a margin that is the same for every ε.</summary>
    public static NormValues Norms(TrainedRun trained, Func<int, double> logarithm, double margin = 1, double terms = 0) => new(
        trained,
        [.. NormValues.Shares.Select(_ => margin)],
        [.. NormValues.Names.Select((_, norm) => logarithm(norm))],
        [.. NormValues.Names.Select(_ => terms)]);

    /// <summary>Sharpness with a curve on which log₁₀ KL falls by 2 for every 1 of expected sharpness.</summary>
    public static SharpnessValues Sharpness(TrainedRun trained, double max, double logKl)
    {
        SharpnessPoint At(double alpha, double sharpness) =>
            new(alpha, sharpness, 0.001, Math.Pow(10, logKl - (2 * (sharpness - SharpnessValues.PaperLevel))));
        return new SharpnessValues(trained, max, [At(0.001, 0), At(0.01, 0.4)]);
    }

    /// <summary>A number between −size and size that looks random and is always the same.</summary>
    public static double Jitter(double size, params ReadOnlySpan<double> of)
    {
        var sum = 0.0;
        foreach (var value in of)
        {
            sum = (sum * 1.7) + value + 0.3;
        }

        return size * Math.Sin(12.9898 * sum);
    }
}
