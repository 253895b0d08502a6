using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Text;
using Occam.Training.Trajectories;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>Verdicts on Theorem 1 with Lemma 1, and Corollaries 2 and 3, over all windows of all trainings.</summary>
internal static class TheoremVerdicts
{
    public static IEnumerable<VerdictBlock> Judge(IReadOnlyList<Claim> claims, IReadOnlyList<TrajectoryRun> runs, ExperimentContext context)
    {
        TrajectoryBounds[] bounds = [.. runs.Where(run => !run.Diverged).Select(run => run.Bounds!)];
        var windows = bounds.Length > 0 ? runs[0].Steps.Length * bounds.Length : 0;
        var seeds = context.Seeds.Length;
        yield return Judgement.Holds(
            claims[0],
            bounds.All(bound => TrajectoryBounds.Holds(bound.Lower)
                && TrajectoryBounds.Holds(bound.Upper)
                && bound.Disagreement <= TrajectoryWindow.StoredPrecision),
            $"In {Numbers.Format((long)windows)} epochs both sides differ by "
                + $"{Numbers.Format(bounds.Max(bound => bound.Equality), 2)} at most, relatively; the steps of the stored biases differ "
                    + "from their closed form, which is that of λ, by "
                        + $"{Numbers.Format(bounds.Max(bound => bound.Disagreement), 2)} at most",
            seeds,
            context.Scale,
            new Fact("counts as rounding of the stored biases", TrajectoryWindow.StoredPrecision));
        yield return Judgement.Holds(
            claims[1],
            bounds.All(bound => TrajectoryBounds.Holds(bound.Variance)),
            $"It holds in {bounds.Count(bound => TrajectoryBounds.Holds(bound.Variance))} of {bounds.Length} trainings, in every epoch",
            seeds,
            context.Scale,
            new Fact("least slack, of the larger side", bounds.Min(bound => bound.Variance)));
        yield return Judgement.Holds(
            claims[2],
            bounds.All(bound => TrajectoryBounds.Holds(bound.Distance)),
            $"It holds in {bounds.Count(bound => TrajectoryBounds.Holds(bound.Distance))} of {bounds.Length} trainings, at the end "
                + "of every epoch",
            seeds,
            context.Scale,
            new Fact("least slack, of the larger side", bounds.Min(bound => bound.Distance)));
    }
}
