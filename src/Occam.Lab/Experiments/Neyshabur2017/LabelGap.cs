using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>How much larger the measures are for random labels than for true ones, of one seed and size of the training set.</summary>
/// <param name="Level">The size.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Differences">For each measure, that of random labels less that of true ones.</param>
internal sealed record LabelGap(double Level, int Seed, ImmutableArray<double> Differences)
{
    /// <summary>The gaps of all pairs of a size and a seed.</summary>
    public static ImmutableArray<LabelGap> Of<T>(IEnumerable<T> runs, Func<T, TrainedNetwork> trained, Func<T, ImmutableArray<double>> measures) =>
    [
        .. runs.GroupBy(run => (trained(run).Level, trained(run).Seed)).Select(pair => new LabelGap(
            pair.Key.Level,
            pair.Key.Seed,
            [.. measures(pair.Single(run => trained(run).Random)).Zip(measures(pair.Single(run => !trained(run).Random)), (random, own) => random - own)])),
    ];

    /// <summary>True labels and random ones of one size, to be judged by their order.</summary>
    public static SeedGroup[] TrueAndRandom<T>(IEnumerable<T> runs, Func<T, TrainedNetwork> trained, Func<T, double> quantity) =>
        [.. runs.GroupBy(run => trained(run).Random).OrderBy(group => group.Key).Select(group => new SeedGroup(group.Key ? "random labels" : "true labels", group.Key ? 1 : 0, [.. group.Select(quantity)]))];

    /// <summary>The gap by the size of the training set.</summary>
    public static SeedGroup[] BySize(IEnumerable<LabelGap> gaps, Func<LabelGap, double> gap) =>
        [.. gaps.GroupBy(one => one.Level).OrderBy(group => group.Key).Select(group => new SeedGroup($"{CapacityFigure.Number(group.Key)} images", group.Key, [.. group.Select(gap)]))];

    /// <summary>How much the gap grows from the smallest to the largest training set, for each seed.</summary>
    public static double[] Growth(ImmutableArray<LabelGap> gaps, Func<LabelGap, double> gap) =>
        [.. gaps.GroupBy(one => one.Seed).Select(seed => gap(seed.MaxBy(one => one.Level)!) - gap(seed.MinBy(one => one.Level)!))];
}
