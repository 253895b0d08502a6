using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Ranking;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// How combinations of sharpness and norm are judged: by Ψ, the granulated rank correlation of a measure and the generalization gap, over
/// the grid of each seed alone. The seeds' images, labels and initial weights are drawn independently, so Student's tests apply.
/// </summary>
internal static class CombinationClaims
{
    /// <summary>The share of the networks of which nothing need be known for the others to be judged.</summary>
    private const double MostLost = 0.1;

    /// <summary>What was varied.</summary>
    public static ImmutableArray<string> Hyperparameters { get; } = ["units", "learning rate", "batch", "label noise"];

    /// <summary>A measure ranks networks as their gap does, hyperparameter by hyperparameter: Ψ is above 0.</summary>
    public static Finding Predicts(CombinationMeasure measure, IReadOnlyList<CombinationRun> runs) => Judged(runs, whole =>
        Judge.IsAbove(
            $"granulated rank correlation Ψ of {measure.Name} and the gap", BySeed(measure, whole), 0, "a measure that says nothing"));

    /// <summary>A measure's Ψ is above that of each of some others.</summary>
    public static Finding Beats(
        CombinationMeasure measure, IReadOnlyList<CombinationMeasure> others, IReadOnlyList<CombinationRun> runs) => Judged(runs, whole =>
    {
        (string Name, Finding Finding)[] parts =
        [
            .. others.Select(other => (other.Name, Judge.IsAbove(
                $"difference of Ψ between {measure.Name} and {other.Name}",
                [.. BySeed(measure, whole).Zip(BySeed(other, whole), (own, others) => own - others)],
                0,
                "equal ranking"))),
        ];
        return parts.Length == 1 ? parts[0].Finding : Judge.All(parts);
    });

    /// <summary>The networks that make no training error and of which every measure is known.</summary>
    public static ImmutableArray<CombinationRun> Whole(IEnumerable<CombinationRun> runs) =>
    [
        .. runs.Where(run => run.Trained.TrainingError == 0
            && CombinationMeasure.All.All(measure => double.IsFinite(measure.Value(run)))),
    ];

    /// <summary>Ψ of a measure for each seed, in the seeds' order; NaN where no two networks differ in one hyperparameter alone.</summary>
    public static double[] BySeed(CombinationMeasure measure, IEnumerable<CombinationRun> runs) =>
    [
        .. runs.GroupBy(run => run.Seed).OrderBy(seed => seed.Key)
            .Select(seed => GranulatedTau.Compute(Table([measure], seed).For(measure.Name)).Mean ?? double.NaN),
    ];

    /// <summary>Networks and measures as rankings take them.</summary>
    public static RunTable Table(IReadOnlyList<CombinationMeasure> measures, IEnumerable<CombinationRun> runs) => new(
        Hyperparameters,
        [
            .. runs.Select(run => new RunRow(
                [$"{run.Units}", $"{run.LearningRate}", $"{run.Batch}", $"{run.Noise}"],
                measures.ToImmutableDictionary(measure => measure.Name, measure => measure.Value(run)),
                run.Gap)),
        ]);

    private static Finding Judged(IReadOnlyList<CombinationRun> runs, Func<ImmutableArray<CombinationRun>, Finding> judge)
    {
        var whole = Whole(runs);
        var lost = runs.Count - whole.Length;
        var finding = judge(whole);
        var told = $"{lost} of {runs.Count} networks make training errors or lack a measure";
        return (finding with
        {
            Reason = lost == 0 ? finding.Reason : $"{finding.Reason}; {told} and are left out",
            Statistics = [.. finding.Statistics, new Fact("networks", $"{whole.Length} of {runs.Count}")],
        }).If(lost <= MostLost * runs.Count, told);
    }
}
