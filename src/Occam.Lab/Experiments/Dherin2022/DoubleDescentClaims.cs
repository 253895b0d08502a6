using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Significance;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// The claims of gc-5. The interpolation threshold is the narrowest width from which on the mean training loss is near zero, noisy labels
/// included: it is found without a look at the test loss or the complexity.
/// <para>
/// A double descent has a first descent from the narrowest network to a dip, a rise from there to a peak at the threshold or a
/// neighbour of it, above all other widths from the dip on, and a second descent to the widest network. The peak needn't be the largest of
/// all: what is left of the dip may be worse.
/// An inverted U has no first descent, and a quantity that falls throughout no rise. Where the dip and the peak may lie at several widths,
/// the p-values are corrected for their number.
/// </para>
/// </summary>
internal static class DoubleDescentClaims
{
    // A mean training loss (natural logarithm) at which noisy labels are learned by heart; without, it stays at a few tenths.
    private const double Interpolates = 0.05;

    private const string Left = "§6, Figure 5, left";

    /// <summary>The claims.</summary>
    public static ImmutableArray<Claim<ComplexityRuns>> All { get; } =
    [
        new("loss-descends-twice",
            "As the width grows the test loss falls, rises to a peak where the labels can just be learned by heart, and falls again.", Left,
            trainings => DescendsTwice("test loss", trainings.Runs, run => run.End.TestLoss)),
        new("complexity-descends-twice", "Like the test loss, the geometric complexity follows a double descent curve.", Left,
            trainings => DescendsTwice("geometric complexity", trainings.Runs, run => run.End.Complexity)),
        new("complexity-falls-beyond", "Beyond the critical width the geometric complexity falls as the network grows.", Left,
            trainings => FallsBeyond(trainings.Runs)),
        new("loss-is-u-shaped", "Plotted against the geometric complexity, the test loss is U-shaped.", "§6, Figure 5, right",
            trainings => IsUShaped(trainings.Runs)),
    ];

    /// <summary>What is read how, for the page.</summary>
    public static ImmutableArray<ExperimentSetting> Settings { get; } =
    [
        new("interpolation threshold", $"the narrowest width from which on the mean training loss is at most {Interpolates} at the end",
            Origin.Chosen),
        new("U-shaped", "left of some width the loss falls with the complexity, right of it it rises (two lines, widths ordered by their "
            + "mean complexity), and between no two neighbours it turns by half a standard deviation of a run or more", Origin.Chosen),
    ];

    private static Finding DescendsTwice(string quantity, IReadOnlyList<ComplexityRun> runs, Func<ComplexityRun, double> of)
    {
        var groups = Finite(runs, of);
        if (Missing(groups) is { } missing)
        {
            return missing;
        }

        var threshold = Threshold(runs);
        var (last, seeds) = (groups.Length - 1, groups.Min(group => group.Values.Count));
        var shapes = (from peak in Enumerable.Range(threshold - 1, 3)
                      where peak < last
                      from dip in Enumerable.Range(1, Math.Max(0, peak - 1))
                      let below = Enumerable.Range(dip, last - dip + 1).Where(
                          place => place == dip || place == last || Math.Abs(place - threshold) > 1)
                      select (Dip: dip, Peak: peak, Evidence: Evidence.All(
                          [IsAbove(groups[0], groups[dip]), .. below.Select(place => IsAbove(groups[peak], groups[place]))])))
            .ToArray();
        if (shapes.Length == 0)
        {
            return new Finding(Evidence.None, $"From {groups[0].Name} to {groups[last].Name} the {quantity} has no room for a peak", seeds)
                .If(false, WhereThreshold(groups, threshold));
        }

        var best = shapes.MinBy(shape => (shape.Evidence.For, shape.Evidence.Against));
        return new Finding(
            Evidence.Any([.. shapes.Select(shape => shape.Evidence)]),
            $"The {quantity} is {Text(groups[0])} at {groups[0].Name}, {Text(groups[best.Dip])} at {groups[best.Dip].Name}, "
                + $"{Text(groups[best.Peak])} at {groups[best.Peak].Name} and {Text(groups[last])} at {groups[last].Name}; "
                + WhereThreshold(groups, threshold),
            seeds,
            [
                new Fact("places of dip and peak that were looked at", shapes.Length),
                .. groups.Select(group => new Fact(group.Name, RichText.WithError(Mean(group)))),
            ]);
    }

    private static Finding FallsBeyond(IReadOnlyList<ComplexityRun> runs)
    {
        var groups = runs.Values(run => run.End.Complexity);
        var threshold = Threshold(runs);
        var beyond = threshold < groups.Length - 1 ? groups[threshold..] : groups[^2..];
        return Judge.FallsByFactor("geometric complexity", beyond)
            .If(threshold < groups.Length - 1, WhereThreshold(groups, threshold));
    }

    private static Finding IsUShaped(IReadOnlyList<ComplexityRun> runs)
    {
        SeedGroup[] losses = Finite(runs, run => run.End.TestLoss), complexities = Finite(runs, run => run.End.Complexity);
        if (Missing([.. losses, .. complexities]) is { } missing)
        {
            return missing;
        }

        SeedGroup[] ordered =
        [
            .. losses.Zip(complexities).OrderBy(pair => Mean(pair.Second).Value).Select((pair, place) => pair.First with { Level = place }),
        ];
        var shapes = Enumerable.Range(1, Math.Max(0, ordered.Length - 2)).Select(bottom => (Bottom: bottom, Evidence: Evidence.All(
        [
            Judge.Falls("test loss", ordered[..(bottom + 1)]).Evidence, Judge.Rises("test loss", ordered[bottom..]).Evidence,
            NoTurn(ordered, bottom).Evidence,
        ]))).ToArray();
        var best = shapes.MinBy(shape => (shape.Evidence.For, Mean(ordered[shape.Bottom]).Value));
        return new Finding(
            Evidence.Any([.. shapes.Select(shape => shape.Evidence)]),
            $"The test loss is {Text(ordered[0])} at the lowest complexity ({ordered[0].Name}), {Text(ordered[best.Bottom])} at "
                + $"{ordered[best.Bottom].Name} and {Text(ordered[^1])} at the highest ({ordered[^1].Name})"
                + NoTurn(ordered, best.Bottom).Told,
            ordered.Min(group => group.Values.Count),
            [
                new Fact("places of the bottom that were looked at", shapes.Length),
                .. ordered.Select(group => new Fact(group.Name, RichText.WithError(Mean(group)))),
            ]);
    }

    // That the loss doesn't turn between two neighbours, up on the way to the bottom or down after it: a W has two bottoms.
    private static (Evidence Evidence, string Told) NoTurn(SeedGroup[] ordered, int bottom)
    {
        Evidence[] steps =
        [
            .. Enumerable.Range(0, ordered.Length - 1).Select(i => (i < bottom
                ? Judge.DoesNotRise("test loss", ordered[i..(i + 2)])
                : Judge.DoesNotFall("test loss", ordered[i..(i + 2)])).Evidence),
        ];
        var evidence = Evidence.All(steps);
        var (clear, open) = (Array.FindIndex(steps, step => steps.Length * step.Against <= Evidence.Level), Array.FindIndex(
            steps, step => step.For > Evidence.Level));
        return (evidence,
            clear >= 0 ? $", but from {Between(clear)} it {(clear < bottom ? "rises" : "falls")}, from {Text(ordered[clear])} to "
                + Text(ordered[clear + 1])
            : open >= 0 ? $"; whether it turns from {Between(open)} the seeds leave open"
            : "");

        string Between(int at) => $"{ordered[at].Name} to {ordered[at + 1].Name}";
    }

    // The first index from which on all interpolate; the number of widths where none does.
    private static int Threshold(IEnumerable<ComplexityRun> runs)
    {
        double[] losses = [.. runs.Values(run => run.TrainingLoss).Select(group => group.Finite.Values.DefaultIfEmpty(1).Average())];
        return losses.Length - losses.Reverse().TakeWhile(loss => loss <= Interpolates).Count();
    }

    private static string WhereThreshold(SeedGroup[] groups, int threshold) =>
        threshold == 0 ? "all widths learn the labels by heart"
        : threshold == groups.Length ? "no width learns the labels by heart"
        : $"labels are learned by heart from {groups[threshold].Name} on";

    private static SeedGroup[] Finite(IEnumerable<ComplexityRun> runs, Func<ComplexityRun, double> of) =>
        [.. runs.Values(of).Select(group => group.Finite)];

    // Of a width without any value nobody knows whether it were the peak.
    private static Finding? Missing(SeedGroup[] groups) => groups.FirstOrDefault(group => group.Values.Count == 0) is { } lost
        ? new Finding(Evidence.None, $"No training at {lost.Name} ended with a finite value", 0)
        : null;

    private static Evidence IsAbove(SeedGroup upper, SeedGroup lower)
    {
        var difference = StudentEstimate.Contrast([(1, upper.Values), (-1, lower.Values)]);
        return new Evidence(difference.IsAbove(0), difference.IsBelow(0));
    }

    private static Uncertain Mean(SeedGroup group) => Uncertain.Mean(group.Values).ZeroErrorOfOne();

    private static string Text(SeedGroup group) => Numbers.Format(Mean(group).Value, 3);
}
