using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Training.Trajectories;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>Theorem 1 and Corollaries 2 and 3 over all windows of all trainings.</summary>
internal static class TheoremJudges
{
    /// <summary>Both bounds of Theorem 1, and that the stored biases move as its closed form says.</summary>
    public static Finding Theorem1(IReadOnlyList<TrajectoryRun> runs)
    {
        var bounds = Bounds(runs);
        var disagreement = bounds.Select(bound => bound.Disagreement).DefaultIfEmpty(double.NaN).Max();
        var finding = InAll(
            runs,
            bound => TrajectoryBounds.Holds(bound.Lower)
                && TrajectoryBounds.Holds(bound.Upper)
                && bound.Disagreement <= TrajectoryWindow.StoredPrecision,
            bound => Math.Min(bound.Lower, bound.Upper));
        return finding with
        {
            Reason = $"{finding.Reason}; the steps of the stored biases differ from their closed form by "
                + $"{Numbers.Format(disagreement, 2)} at most, relatively",
            Statistics =
            [
                .. finding.Statistics,
                .. Range("length over its lower bound", bounds.Select(bound => bound.Looseness.Lower)),
                .. Range("upper bound over the length", bounds.Select(bound => bound.Looseness.Upper)),
                new Fact("counts as rounding of the stored biases", TrajectoryWindow.StoredPrecision),
            ],
        };
    }

    /// <summary>The upper bound with the smallest ‖W_1 x‖ over the data's span.</summary>
    public static Finding Span(IReadOnlyList<TrajectoryRun> runs) =>
        InAll(runs, bound => TrajectoryBounds.Holds(bound.Span), bound => bound.Span);

    /// <summary>Corollary 2 in every window.</summary>
    public static Finding Corollary2(IReadOnlyList<TrajectoryRun> runs) =>
        InAll(runs, bound => TrajectoryBounds.Holds(bound.Variance), bound => bound.Variance);

    /// <summary>Corollary 3 at the end of every window.</summary>
    public static Finding Corollary3(IReadOnlyList<TrajectoryRun> runs) =>
        InAll(runs, bound => TrajectoryBounds.Holds(bound.Distance), bound => bound.Distance);

    private static Finding InAll(
        IReadOnlyList<TrajectoryRun> runs, Func<TrajectoryBounds, bool> holds, Func<TrajectoryBounds, double> slack)
    {
        var bounds = Bounds(runs);
        var holding = bounds.Count(holds);
        var unknown = bounds.Count(bound => double.IsNaN(slack(bound)));
        var seeds = runs.Where(run => run.Bounds is not null).Select(run => run.Seed).Distinct().Count();
        return bounds.Length == 0
            ? Judge.Holds(null, "No training has both sides", 0)
            : Judge.Holds(
                holding == bounds.Length ? true : holding + unknown == bounds.Length ? null : false,
                $"It holds in every epoch of {holding} of {bounds.Length} trainings"
                    + (unknown == 0 ? "" : $"; {unknown} diverged and say nothing"),
                seeds,
                new Fact("least slack, of the larger side", RichText.Rounded(bounds.Min(slack), 3)));
    }

    private static TrajectoryBounds[] Bounds(IReadOnlyList<TrajectoryRun> runs) =>
        [.. runs.Select(run => run.Bounds).OfType<TrajectoryBounds>()];

    private static IEnumerable<Fact> Range(string name, IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length == 0 ? [] : [new Fact(name, $"{Numbers.Format(all.Min(), 3)} to {Numbers.Format(all.Max(), 3)}")];
    }
}
