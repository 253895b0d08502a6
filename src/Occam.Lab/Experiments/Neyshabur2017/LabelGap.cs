using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>How much larger the norms are for random labels than for true ones, of one seed and size of the training set.</summary>
/// <param name="Level">The size.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Differences">For each norm, its logarithm over the squared margin with random labels, less that with true ones.</param>
internal sealed record LabelGap(double Level, int Seed, ImmutableArray<double> Differences) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => $"{CapacityFigure.Number(Level)} images";

    /// <summary>The gaps of all pairs of a size and a seed.</summary>
    public static ImmutableArray<LabelGap> Find(IEnumerable<NormValues> runs) =>
    [
        .. from run in runs
           group run by (run.Level, run.Seed) into pair
           let random = pair.Single(run => run.Random)
           let own = pair.Single(run => !run.Random)
           select new LabelGap(
               pair.Key.Level, pair.Key.Seed,
               [.. NormValues.Names.Select((_, norm) => random.OverMargin(norm) - own.OverMargin(norm))]),
    ];

    /// <summary>True labels and random ones of one size, to be judged by their order.</summary>
    public static SeedGroup[] TrueAndRandom<T>(IEnumerable<T> runs, Func<T, double> quantity)
        where T : NetworkMeasurement =>
        [.. runs.GroupBy(run => run.Random)
            .OrderBy(group => group.Key)
            .Select(group => new SeedGroup(group.Key ? "random labels" : "true labels", group.Key ? 1 : 0, [.. group.Select(quantity)]))];

    /// <summary>How much the gap grows from the smallest to the largest training set, for each seed.</summary>
    public static double[] Growth(IReadOnlyList<LabelGap> gaps, int norm) => SmallestToLargest(gaps, gap => gap.Differences[norm]);

    /// <summary>The change of a quantity from the smallest to the largest training set, for each seed.</summary>
    public static double[] SmallestToLargest<T>(IEnumerable<T> runs, Func<T, double> quantity)
        where T : ISeededRun =>
    [
        .. runs.GroupBy(run => run.Seed)
            .Select(seed => quantity(seed.MaxBy(run => run.Level)!) - quantity(seed.MinBy(run => run.Level)!)),
    ];
}
