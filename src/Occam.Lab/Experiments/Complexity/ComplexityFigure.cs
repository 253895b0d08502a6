using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>The panels of the papers' figures: a quantity over the steps, or of the trained networks over their conditions.</summary>
internal static class ComplexityFigure
{
    /// <summary>A quantity over the steps for each condition: the mean of the seeds in a band of one standard error.</summary>
    public static Chart Curves(
        RichText title, Axis y, ShadeScale shade, IReadOnlyList<ComplexityRun> runs, Func<ComplexityObservation, double> quantity) =>
        new(title, new Axis("step"), y, [.. runs.ByLevel().SelectMany(group => Curve(group, quantity))]) { Shade = shade };

    /// <summary>What was observed during training, and the final values of each training, as tables.</summary>
    public static ImmutableArray<RawTable> Tables(IReadOnlyList<ComplexityRun> runs, string prefix = "") =>
        [Track(runs, prefix), Trainings(runs, prefix)];

    private static RawTable Track(IReadOnlyList<ComplexityRun> runs, string prefix) => RawTable.Of(
        prefix + "track",
        "losses, test accuracy and estimated geometric complexity on the way of each training",
        runs.SelectMany(run => run.Observations.Select(observation => (Run: run, Observation: observation))),
        ("condition", row => row.Run.Group),
        ("level", row => row.Run.Level),
        ("seed", row => row.Run.Seed),
        ("step", row => row.Observation.Step),
        ("training_loss", row => row.Observation.TrainingLoss),
        ("test_loss", row => row.Observation.TestLoss),
        ("test_accuracy", row => row.Observation.TestAccuracy),
        ("geometric_complexity_estimate", row => row.Observation.Complexity));

    private static RawTable Trainings(IReadOnlyList<ComplexityRun> runs, string prefix) => RawTable.Of(
        prefix + "trainings",
        "each trained network at its best test accuracy and at the end, measured exactly",
        runs,
        ("condition", run => run.Group),
        ("level", run => run.Level),
        ("seed", run => run.Seed),
        ("best_step", run => run.Best.Step),
        ("best_test_accuracy", run => run.Best.TestAccuracy),
        ("best_geometric_complexity", run => run.Best.Complexity),
        ("best_loss_slope", run => run.Best.Slope),
        ("end_step", run => run.End.Step),
        ("end_training_loss", run => run.TrainingLoss),
        ("end_test_loss", run => run.End.TestLoss),
        ("end_test_accuracy", run => run.End.TestAccuracy),
        ("end_geometric_complexity", run => run.End.Complexity),
        ("end_loss_slope", run => run.End.Slope));

    private static IReadOnlyList<Mark> Curve(IGrouping<double, ComplexityRun> group, Func<ComplexityObservation, double> quantity)
    {
        // A training that diverged was observed fewer times.
        var longest = group.MaxBy(run => run.Observations.Length)!.Observations;
        double[] Of(ComplexityRun run) =>
            [.. longest.Select((_, i) => i < run.Observations.Length ? quantity(run.Observations[i]) : double.NaN)];
        return SeedCurve.Of(
            group.First().Group, [.. longest.Select(observation => (double)observation.Step)], [.. group.Select(Of)], group.Key,
            standardErrors: 1);
    }
}
