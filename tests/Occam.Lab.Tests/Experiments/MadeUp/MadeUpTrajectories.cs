using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Trainings of Loukas et al. 2021 that never were.</summary>
internal static class MadeUpTrajectories
{
    /// <summary>Windows of each.</summary>
    public const int Windows = 20;

    private const int Seeds = 5;

    /// <summary>Bounds that all hold.</summary>
    public static TrajectoryBounds Holding { get; } = new(0.1, 0.1, 0.1, 0.1, 0.1, 1e-5, (1.1, 1.1));

    /// <summary>Trainings of four levels from five seeds.</summary>
    public static ImmutableArray<TrajectoryRun> Levels(Func<int, int, TrajectoryRun> training) =>
        [.. from level in Enumerable.Range(0, 4) from seed in Enumerable.Range(0, Seeds) select training(level, seed)];

    /// <summary>A training at a level, whose losses and, but for what is said, lengths are the same in every window once it has fitted its
    /// data.</summary>
    /// <param name="level">The level.</param>
    /// <param name="seed">The seed; values are spread by it.</param>
    /// <param name="length">The length of the first bias' trajectory in a window; of the others, by layer, where there are more.</param>
    /// <param name="testLoss">The test loss.</param>
    /// <param name="left">The part of the best constant's loss that is left.</param>
    /// <param name="fitAfter">The windows before.</param>
    /// <param name="variance">The variance of the bias.</param>
    /// <param name="distance">The distance to initialization.</param>
    /// <param name="onTheWay">By how much longer the trajectory is in the windows before the last tenth.</param>
    /// <param name="bounds">The bounds; those that hold where none are given.</param>
    public static TrajectoryRun Trained(
        int level, int seed, double[] length, double testLoss = 1, double left = 0.01, int fitAfter = 2, double variance = 1,
        double distance = 1, double onTheWay = 1, TrajectoryBounds? bounds = null) => new(
            $"level {level}",
            level,
            seed,
            ConstantLoss: 1,
            [.. Enumerable.Range(1, Windows).Select(i => 100L * i)],
            [.. Enumerable.Range(0, Windows).Select(i => i < fitAfter ? 1 : left)],
            [.. Enumerable.Repeat(Spread(testLoss, seed), Windows)],
            [
                .. Enumerable.Range(0, Windows).Select(i => length
                    .Select(value => Spread(value * (i < Windows * 9 / 10 ? onTheWay : 1), seed)).ToImmutableArray()),
            ],
            Spread(variance, seed),
            [.. Enumerable.Repeat(Spread(distance, seed), Windows)],
            bounds ?? Holding);

    /// <summary>A value and up to 4 % more or less, by seed.</summary>
    public static double Spread(double value, int seed) => value * (1 + (0.02 * (seed - ((Seeds - 1) / 2))));
}
