using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>What Loukas et al. 2021 (App. A.3) say of a trained network's regions, and of Theorem 2's bound on the empty ones.</summary>
internal static class RegionJudges
{
    /// <summary>The least median looseness that counts as a factor of about four: half of it.</summary>
    public const double LeastFactor = 2;

    /// <summary>The largest median looseness that counts as a factor of about four: twice it.</summary>
    public const double MostFactor = 8;

    private const double Rounding = 1e-6;

    /// <summary>That no empty region is steeper than its bound.</summary>
    public static Finding TheoremHolds(ImmutableArray<RegionPicture> pictures)
    {
        PlaneRegion[] bounded = [.. pictures.SelectMany(picture => picture.Regions).Where(region => region.IsBounded)];
        var holding = bounded.Count(region => region.Lipschitz <= region.Bound * (1 + Rounding));
        return Judge.Holds(
            bounded.Length == 0 ? null : holding == bounded.Length,
            $"It holds in {Numbers.Format(holding)} of the {Numbers.Format(bounded.Length)} empty regions that it says something of",
            pictures.Length);
    }

    /// <summary>
    /// That the bound over the constant is about four in the median region. On a flat region any bound is too large by an infinite factor:
    /// such regions count as that, and where they are half of a network's the median says nothing.
    /// </summary>
    public static Finding AboutFour(ImmutableArray<RegionPicture> pictures)
    {
        double[] medians = [.. pictures.Select(picture => Looseness(picture).Median())];
        var flat = pictures.Sum(picture => picture.Regions.Count(region => region.IsBounded && region.Lipschitz == 0));
        var finding = Judge.IsFactorBetween(
            "median over the regions of the bound over the constant", medians, LeastFactor, MostFactor, "four by two either way");
        return (finding with { Statistics = [.. finding.Statistics, new Fact("flat regions with a bound", flat)] })
            .If(
                !medians.Any(double.IsPositiveInfinity),
                $"half of the bounded regions are flat in {medians.Count(double.IsPositiveInfinity)} of {pictures.Length} networks")
            .IfFitted(Left(pictures));
    }

    /// <summary>That there are empty regions without a bound in every network.</summary>
    public static Finding SaysNothingSomewhere(ImmutableArray<RegionPicture> pictures)
    {
        var (silent, empty) = (Count(region => region.IsSilent), Count(region => region.IsEmpty));
        return Judge.Holds(
            pictures.All(picture => picture.Regions.Any(region => region.IsSilent)),
            $"It says nothing of {Numbers.Format(silent)} of {Numbers.Format(empty)} empty regions, and of some in "
                + $"{pictures.Count(picture => picture.Regions.Any(region => region.IsSilent))} of {pictures.Length} networks",
            pictures.Length).IfFitted(Left(pictures));

        int Count(Func<PlaneRegion, bool> which) => pictures.Sum(picture => picture.Regions.Count(which));
    }

    /// <summary>That regions are smaller nearer to the origin. Of those that go on beyond the square the part within it counts.</summary>
    public static Finding SmallNearOrigin(ImmutableArray<RegionPicture> pictures) => IsPositive(
        "rank correlation of a region’s area and its distance to the origin",
        [.. pictures.Select(picture => Rank(
            picture.Regions, region => Math.Sqrt((region.Z1 * region.Z1) + (region.Z2 * region.Z2)), region => region.Area))])
        .IfFitted(Left(pictures));

    /// <summary>That steep regions are beside steep ones: the constants of a region and of its nearest neighbour go together.</summary>
    public static Finding Clustered(ImmutableArray<RegionPicture> pictures) => IsPositive(
        "rank correlation of a region’s Lipschitz constant and its nearest neighbour’s",
        [.. pictures.Select(picture => Rank(
            [.. picture.Regions.Select(region => (region.Lipschitz, Neighbour: Nearest(region, picture.Regions).Lipschitz))],
            pair => pair.Lipschitz, pair => pair.Neighbour))]).IfFitted(Left(pictures));

    // Above 0 on average over the networks speaks for it, below a weak correlation against it.
    private static Finding IsPositive(string quantity, IReadOnlyList<double> correlations)
    {
        var positive = Judge.IsAbove(quantity, correlations, 0, "no correlation");
        var weak = Judge.IsBelow(quantity, correlations, Judge.WeakCorrelation, "a weak correlation");
        return positive with
        {
            Evidence = new Evidence(positive.Evidence.For, weak.Evidence.For),
            Statistics = [.. positive.Statistics, new Fact("counts as none", $"weaker than {Judge.WeakCorrelation}")],
        };
    }

    // Infinite on flat regions; but where the bound is 0, too, it is exact.
    private static IEnumerable<double> Looseness(RegionPicture picture) => picture.Regions
        .Where(region => region.IsBounded && (region.Bound > 0 || region.Lipschitz > 0))
        .Select(region => region.Lipschitz > 0 ? region.Bound / region.Lipschitz : double.PositiveInfinity);

    private static PlaneRegion Nearest(PlaneRegion region, ImmutableArray<PlaneRegion> regions) => regions
        .Where(other => !ReferenceEquals(other, region))
        .MinBy(other => Math.Pow(other.Z1 - region.Z1, 2) + Math.Pow(other.Z2 - region.Z2, 2)) ?? region;

    private static double Rank<T>(IReadOnlyCollection<T> items, Func<T, double> first, Func<T, double> second) =>
        items.Count < 3 ? double.NaN : Correlation.Spearman(items.Select(first), items.Select(second));

    private static (string, double)[] Left(ImmutableArray<RegionPicture> pictures) =>
        [.. pictures.Select(picture => ($"seed {picture.Seed}", picture.Left))];
}
