using System.Collections.Immutable;
using MathNet.Numerics;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>How the claims of Figure 1 are judged: networks that learned true labels and random ones, several sizes and seeds.</summary>
internal static class LabelClaims
{
    /// <summary>Capacity that grows almost linearly with the training set grows with its power between these.</summary>
    public const double LeastExponent = 0.5;

    /// <inheritdoc cref="LeastExponent"/>
    public const double LargestExponent = 1.5;

    /// <summary>The share of pairs of networks in the same order from which on a choice "almost" doesn't matter.</summary>
    public const double SameOrder = 0.9;

    private static readonly ImmutableArray<int> s_pronounced = [NormValues.L2, NormValues.L2Path];
    private static readonly ImmutableArray<int> s_others = [NormValues.Spectral, NormValues.L1Path];

    /// <summary>Every norm is higher for random labels, at every size.</summary>
    public static Finding AreHigher(IReadOnlyList<NormValues> runs) => Fitted(runs, Judge.All(
    [
        .. from norm in Enumerable.Range(0, NormValues.Names.Length)
           from size in runs.ByLevel()
           select (
               $"{NormValues.Names[norm]}, {CapacityFigure.Number(size.Key)} images",
               Judge.Rises(
                   $"log₁₀ of the {NormValues.Names[norm]} over γ²", LabelGap.TrueAndRandom(size, run => run.OverMargin(norm)))),
    ]));

    /// <summary>The gap grows with the size, for every norm.</summary>
    public static Finding GapGrows(IReadOnlyList<NormValues> runs)
    {
        var gaps = LabelGap.Find(runs);
        return Fitted(runs, Judge.All(
        [
            .. NormValues.Names.Select((name, norm) => (name, Judge.Rises(
                $"log₁₀ of the ratio of random to true labels’ {name} over γ²", gaps.Values(gap => gap.Differences[norm])))),
        ]));
    }

    /// <summary>It grows more for the ℓ2 norm and the ℓ2 path norm than for each of the others.</summary>
    public static Finding GrowsMost(IReadOnlyList<NormValues> runs)
    {
        var gaps = LabelGap.Find(runs);
        SeedGroup Growth(int norm, int level) => new(NormValues.Names[norm], level, LabelGap.Growth(gaps, norm));
        return Fitted(runs, Judge.All(
        [
            .. from pronounced in s_pronounced
               from other in s_others
               select (
                   $"{NormValues.Names[pronounced]} more than {NormValues.Names[other]}",
                   Judge.Rises(
                       "growth of log₁₀ of the ratio from the smallest to the largest training set",
                       [Growth(other, 0), Growth(pronounced, 1)])),
        ]));
    }

    /// <summary>With random labels capacity grows almost linearly with the size, by every norm.</summary>
    public static Finding GrowsLinearly(IReadOnlyList<NormValues> runs) => Fitted(runs, Judge.All(
    [
        .. NormValues.Names.Select((name, norm) => (name, Judge.IsBetween(
            $"power of the number of random labels that the {name} over γ² grows with",
            Exponents(runs, norm, random: true),
            LeastExponent,
            LargestExponent,
            "what counts as almost linear"))),
    ]));

    /// <summary>With true labels it grows less than what counts as almost linear, by every norm.</summary>
    public static Finding GrowsLittle(IReadOnlyList<NormValues> runs) => Fitted(runs, Judge.All(
    [
        .. NormValues.Names.Select((name, norm) => (name, Judge.IsBelow(
            $"power of the number of true labels that the {name} over γ² grows with",
            Exponents(runs, norm, random: false),
            LeastExponent,
            "the least that counts as almost linear"))),
    ]));

    /// <summary>Other ε leave the networks' order as it is.</summary>
    public static Finding OrderStays(IReadOnlyList<NormValues> runs) => Fitted(runs, Judge.IsAbove(
        "share of pairs of networks in the order that they have with ε = 0.05, over all norms and ε of 0.001, 0.01 and 0.1,",
        [.. runs.GroupBy(run => run.Seed).Select(seed => InTheSameOrder([.. seed]))],
        SameOrder,
        "what counts as almost unaffected"));

    /// <summary>For each seed the slope of log norm over log size, by least squares; NaN where a norm isn't known.</summary>
    internal static double[] Exponents(IEnumerable<NormValues> runs, int norm, bool random) =>
    [
        .. runs.Where(run => run.Random == random).GroupBy(run => run.Seed).Select(seed => Fit.Line(
            [.. seed.Select(run => Math.Log10(run.Level))], [.. seed.Select(run => run.OverMargin(norm))]).B),
    ];

    /// <summary>The share of pairs of networks, norms and other ε for which the order is that with ε = 0.05.</summary>
    internal static double InTheSameOrder(IReadOnlyList<NormValues> runs) =>
    (
        from norm in Enumerable.Range(0, NormValues.Names.Length)
        from share in Enumerable.Range(0, NormValues.Shares.Length)
        where share != NormValues.Usual
        from i in Enumerable.Range(0, runs.Count)
        from j in Enumerable.Range(0, i)
        let usual = runs[i].OverMargin(norm).CompareTo(runs[j].OverMargin(norm))
        let other = runs[i].OverMargin(norm, share).CompareTo(runs[j].OverMargin(norm, share))
        select usual == other ? 1.0 : 0).Average();

    private static Finding Fitted(IEnumerable<NormValues> runs, Finding finding) => finding.IfFitted(runs.Select(run => run.Trained));
}
