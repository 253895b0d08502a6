using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// The verdicts of gc-5, from the test loss and the geometric complexity at each width. A width may be where a quantity is
/// largest (or least) when its mean is within two standard errors of the largest (or least) mean.
/// </summary>
internal static class DoubleDescentClaims
{
    private const double StandardErrors = 2;

    /// <summary>
    /// That both peak, at the same width or at neighbouring ones: reproduced when both means are largest inside the range of
    /// widths, at most one width apart, and above both ends beyond two standard errors; not reproduced when no such widths
    /// may be the peaks; undecided between.
    /// </summary>
    /// <param name="claim">What is claimed.</param>
    /// <param name="losses">The test losses, from the least width on.</param>
    /// <param name="complexities">The geometric complexities at the same widths.</param>
    /// <param name="scale">The scale of the run.</param>
    public static VerdictBlock Peak(
        Claim claim, IReadOnlyList<SeedGroup> losses, IReadOnlyList<SeedGroup> complexities, ExperimentScale scale)
    {
        SeedGroup[] own = Finite(losses), other = Finite(complexities);
        if (Missing(own, other) is { } missing)
        {
            return Judgement.Holds(claim, null, missing, 0, scale);
        }

        var (loss, complexity) = (Largest(own), Largest(other));
        int[] lossPeaks = MayBeLargest(own), complexityPeaks = MayBeLargest(other);
        bool Near(int first, int second) => Inside(first, own.Length) && Inside(second, own.Length) && Math.Abs(first - second) <= 1;
        var clear = Near(loss, complexity) && lossPeaks.Concat(complexityPeaks).All(width => Inside(width, own.Length));
        var possible = lossPeaks.Any(first => complexityPeaks.Any(second => Near(first, second)));
        return Judgement.Holds(
            claim,
            clear ? true : possible ? null : false,
            $"The mean test loss is largest at {own[loss].Name}{OtherPlaces(own, lossPeaks, loss)}, the complexity at "
                + $"{other[complexity].Name}{OtherPlaces(other, complexityPeaks, complexity)}",
            Seeds(own, other),
            scale,
            [.. own.Zip(other, (first, second) => new Fact(
                first.Name, RichText.Html($"loss {WithError(first)}, complexity {WithError(second)}"))), .. LeftOut(losses)]);
    }

    /// <summary>
    /// That the complexity falls from the critical width on, where the mean test loss is largest; undecided where that is at an end of the
    /// range.
    /// </summary>
    /// <inheritdoc cref="Peak"/>
    public static VerdictBlock FallBeyond(
        Claim claim, IReadOnlyList<SeedGroup> losses, IReadOnlyList<SeedGroup> complexities, ExperimentScale scale)
    {
        SeedGroup[] own = Finite(losses), other = Finite(complexities);
        if (Missing(own, other) is { } missing)
        {
            return Judgement.Holds(claim, null, missing, 0, scale);
        }

        var critical = Largest(own);
        return Inside(critical, own.Length)
            ? Judgement.Ordered(claim, Trend.Falls, "geometric complexity", [.. complexities.Skip(critical)], scale)
            : Judgement.Holds(
                claim, null,
                $"The mean test loss is largest at {own[critical].Name}, an end of the range: there is no critical width inside",
                Seeds(own, other), scale);
    }

    /// <summary>
    /// That the test loss over the complexity is U-shaped: reproduced when the mean loss at both ends of the complexities is
    /// above the least beyond two standard errors; not reproduced when it can be least at an end only; undecided between.
    /// </summary>
    /// <inheritdoc cref="Peak"/>
    public static VerdictBlock UShape(
        Claim claim, IReadOnlyList<SeedGroup> losses, IReadOnlyList<SeedGroup> complexities, ExperimentScale scale)
    {
        SeedGroup[] own = Finite(losses), other = Finite(complexities);
        if (Missing(own, other) is { } missing)
        {
            return Judgement.Holds(claim, null, missing, 0, scale);
        }

        SeedGroup[] byComplexity = [.. own.Zip(other).OrderBy(pair => Mean(pair.Second).Value).Select(pair => pair.First)];
        var least = byComplexity.MinBy(group => Mean(group).Value)!;
        int[] bottoms = [.. Enumerable.Range(0, own.Length).Where(i => !Above(byComplexity[i], least))];
        var (left, right) = (byComplexity[0], byComplexity[^1]);
        return Judgement.Holds(
            claim,
            bottoms.All(place => Inside(place, own.Length)) ? true : bottoms.Any(place => Inside(place, own.Length)) ? null : false,
            $"The mean test loss is {Text(left)} at the lowest complexity ({left.Name}), {Text(least)} at its least ({least.Name}), "
                + $"{Text(right)} at the highest ({right.Name})",
            Seeds(own, other),
            scale,
            LeftOut(losses));
    }

    private static SeedGroup[] Finite(IReadOnlyList<SeedGroup> groups) => [.. groups.Select(group => group.Finite)];

    // Of a width without any value nobody knows whether it were the peak.
    private static string? Missing(SeedGroup[] losses, SeedGroup[] complexities) =>
        losses.Concat(complexities).FirstOrDefault(group => group.Values.Count == 0) is { } lost
            ? $"No training at {lost.Name} ended with a finite value"
            : null;

    private static int Seeds(SeedGroup[] losses, SeedGroup[] complexities) => losses.Concat(complexities).Min(group => group.Values.Count);

    private static Fact[] LeftOut(IReadOnlyList<SeedGroup> groups) =>
        groups.Sum(group => group.Values.Count - group.Finite.Values.Count) is > 0 and var lost
            ? [new Fact("runs without a finite value", lost)]
            : [];

    private static bool Inside(int place, int count) => place > 0 && place < count - 1;

    private static int Largest(SeedGroup[] groups) => groups.Index().MaxBy(pair => Mean(pair.Item).Value).Index;

    private static int[] MayBeLargest(SeedGroup[] groups)
    {
        var largest = groups[Largest(groups)];
        return [.. Enumerable.Range(0, groups.Length).Where(i => !Above(largest, groups[i]))];
    }

    private static string OtherPlaces(SeedGroup[] groups, int[] places, int first)
    {
        string[] others = [.. places.Where(place => place != first).Select(place => groups[place].Name)];
        return others.Length > 0 ? $" (within the errors also at {string.Join(", ", others)})" : "";
    }

    private static bool Above(SeedGroup upper, SeedGroup lower) =>
        Uncertain.DifferenceByPowers(Mean(upper), Mean(lower)) is { Value: > 0 } difference && difference.DiffersFromZero(StandardErrors);

    private static Uncertain Mean(SeedGroup group) => Uncertain.Mean(group.Values).ZeroErrorOfOne();

    private static RichText WithError(SeedGroup group) => RichText.WithError(Mean(group));

    private static string Text(SeedGroup group) => Numbers.WithError(Mean(group));
}
