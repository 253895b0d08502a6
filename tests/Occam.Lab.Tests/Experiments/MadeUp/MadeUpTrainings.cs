using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Trainings of five seeds at each level, with numbers that were made up around a course over the levels.</summary>
internal static class MadeUpTrainings
{
    private const int Seeds = 5;

    /// <summary>A course that rises far beyond the spread of the seeds.</summary>
    public static double[] Up { get; } = [10, 14, 20];

    /// <summary>A course that falls far beyond the spread of the seeds.</summary>
    public static double[] Down { get; } = [20, 14, 10];

    /// <summary>Trainings whose numbers follow courses; what isn't given stays the same.</summary>
    /// <param name="best">The complexity at the best test accuracy.</param>
    /// <param name="end">The complexity at the end; that at the best test accuracy where it isn't given.</param>
    /// <param name="accuracy">The best test accuracy, in percent; at the end it is 30 in all.</param>
    /// <param name="loss">The training loss, least and at the end.</param>
    /// <param name="testLoss">The test loss.</param>
    /// <param name="spread">Half the range of the seeds.</param>
    public static ImmutableArray<ComplexityRun> Of(
        double[]? best = null, double[]? end = null, double[]? accuracy = null, double[]? loss = null, double[]? testLoss = null,
        double spread = 0.5)
    {
        var levels = (best ?? end ?? accuracy ?? loss ?? testLoss)!.Length;
        double At(double[]? course, int level, int seed, double otherwise, double scale = 1) =>
            course is null ? otherwise : course[level] + (scale * spread * ((2.0 * seed / (Seeds - 1)) - 1));
        return
        [
            .. from level in Enumerable.Range(0, levels)
               from seed in Enumerable.Range(0, Seeds)
               let training = loss?[level] ?? 0.001
               let rate = At(accuracy, level, seed, 50) / 100
               let test = At(testLoss, level, seed, 1, 0.1)
               let atBest = new ComplexityMeasurement(100, rate, test, At(best, level, seed, At(end, level, seed, 10)), 1)
               let atEnd = new ComplexityMeasurement(200, 0.3, test, At(end, level, seed, atBest.Complexity), 1)
               select new ComplexityRun(
                   $"level {level}", level, seed,
                   [new(0, double.NaN, 2, 0.1, 1), new(100, training, test, rate, 10), new(200, training, test, rate, 10)], atBest, atEnd),
        ];
    }
}
