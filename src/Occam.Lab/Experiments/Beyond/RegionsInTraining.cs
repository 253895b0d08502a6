using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// beyond-grokking: local complexity along training (Humayun, Balestriero and Baraniuk 2024). Their abstract says that linear regions
/// "migrate away from the training samples [...] and towards the decision boundary", that generalization and, later, robustness
/// against adversarial examples may come long after the training error has vanished. Their figures show the local complexity descend, rise,
/// and descend again. <see cref="RegionTask"/> says what was chosen.
/// </summary>
internal sealed class RegionsInTraining() : Experiment<ImmutableArray<RegionRun>>(
    "beyond-grokking",
    "Linear regions leave the training data, and robustness comes late",
    Papers.Humayun2024,
    "the claims of the abstract, and the double descent of local complexity",
    RegionTask.DataSets)
{
    private const string Source = "Humayun et al. 2024, abstract";
    private const string Descent = "Humayun et al. 2024, the dynamics of local complexity";

    // What counts as a descent or a rise: the count's noise alone makes a fifth or a quarter between the extremes of a track.
    private const double Visible = 1.5;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<RegionRun>>> JudgedClaims { get; } =
    [
        new("descends-first", "The local complexity at training images descends at first.", Descent,
            runs => Moves(runs, "falls before its largest rise", run => run.FirstDescent)),
        new("then-rises", "Then it rises.", Descent, runs => Moves(runs, "rises", run => run.Ascent)),
        new("descends-again", "After that it descends again: regions leave the training images.", Source,
            runs => Moves(runs, "falls after its largest rise", run => run.SecondDescent)),
        new("towards-boundary", "From there on regions gather at the decision boundary, against the training images.", Source,
            runs => IfFitted(runs, Judge.IsAbove(
                "logarithm of the local complexity at the boundary over that at training images, at the end less around the peak,",
                [.. runs.Select(run => RegionRun.Contrast(run.End) - run.ContrastAroundPeak)], 0, "no change"))),
        new("generalizes-late", "The test error goes on falling after the training error has vanished.", Source,
            runs => IfFitted(runs, Judge.IsBelow(
                "test error at the end less that when training error vanished",
                [.. runs.Select(run => Since(run, point => point.TestError))], 0, "no change"))),
        new("robust-late", "So does the error on attacked test images.", Source,
            runs => IfFitted(runs, Judge.IsBelow(
                "error on attacked images at the end less that when training error vanished",
                [.. runs.Select(run => Since(run, point => point.AttackedError))], 0, "no change"))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var task = RegionTask.At(scale);
        return new ExperimentSize(
            $"perceptron of {RegionTask.Layers} × {task.Width}, {task.Images:N0} images, {task.Steps:N0} steps",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(5),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(6),
                _ => TimeSpan.FromHours(5),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<RegionRun> Compute(ExperimentContext context) => RegionTask.At(context.Scale).Train(context);

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<RegionRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var task = RegionTask.At(context.Scale);
        IReadOnlyList<Mark> Curve(string name, Func<RegionPoint, double> quantity)
        {
            // The first is at no step, which a logarithmic axis has no place for; a training that diverged was measured fewer times.
            var longest = runs.MaxBy(run => run.Track.Length)!.Track;
            return SeedCurve.Of(
                name, [.. longest.Select(point => Math.Max(point.Step, 0.5))],
                [.. runs.Select(run => longest.Select((_, i) => i < run.Track.Length ? quantity(run.Track[i]) : double.NaN).ToArray())]);
        }

        var step = new Axis("step (before the first: ½)", Scale.Log);
        return new ExperimentFigure
        {
            Summary = "Perceptrons learn a few images of digits, and go on long after they make no mistake on them. On the way the "
                + "boundaries of linear regions are counted in small neighbourhoods: of training images, of test images, and of points "
                + "where the network’s answer changes.",
            Panels =
            [
                new Section(
                    "Regions near data",
                    new Chart("Local complexity", step, new Axis("units that change in a neighbourhood"),
                        [
                            .. Curve("training images", point => point.AtTraining), .. Curve("test images", point => point.AtTest),
                            .. Curve("decision boundary", point => point.AtBoundary),
                        ]),
                    new Chart("Errors", step, new Axis("share classified wrongly"),
                        [
                            .. Curve("training images", point => point.TrainingError), .. Curve("test images", point => point.TestError),
                            .. Curve("attacked test images", point => point.AttackedError),
                        ]),
                    new Prose("Lines are means over the seeds, bands two standard errors to each side.")),
            ],
            Settings = [.. task.Settings, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
            Tables =
            [
                RawTable.Of(
                    "track", "what was measured on the way of each training",
                    runs.SelectMany(run => run.Track.Select(point => (run.Seed, Point: point))),
                    ("seed", row => row.Seed), ("step", row => row.Point.Step), ("training_error", row => row.Point.TrainingError),
                    ("test_error", row => row.Point.TestError), ("attacked_error", row => row.Point.AttackedError),
                    ("at_training", row => row.Point.AtTraining), ("at_test", row => row.Point.AtTest),
                    ("at_boundary", row => row.Point.AtBoundary)),
            ],
        };
    }

    private static double Since(RegionRun run, Func<RegionPoint, double> quantity) =>
        run.Fitted is { } fitted ? quantity(run.End) - quantity(fitted) : double.NaN;

    private static Finding Moves(ImmutableArray<RegionRun> runs, string how, Func<RegionRun, double> move) =>
        IfFitted(runs, Judge.IsAbove(
            $"logarithm of the factor by which the local complexity at training images {how}",
            [.. runs.Select(run => Math.Log(move(run)))], Math.Log(Visible), "by half"));

    private static Finding IfFitted(ImmutableArray<RegionRun> runs, Finding finding) => finding.If(
        runs.All(run => run.Fitted is not null),
        $"in {runs.Count(run => run.Fitted is null)} of {runs.Length} trainings there was a training error up to the end");
}
