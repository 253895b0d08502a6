using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-7: Figure 7 of Loukas et al. 2021 (App. A.4), the length of the whole normalized trajectory of the first bias, for both tasks.
/// </summary>
internal sealed class TotalTrajectories() : BothTasksExperiment(
    "bth-7", "The whole trajectory’s length is ordered by complexity", "Figure 7")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<BothTasks>> JudgedClaims { get; } =
    [
        new("regression-longer", "Regression: the length of the trajectory from the beginning grows with the complexity of the target.",
            "App. A.4, Figure 7", runs => TrajectoryJudges.LongerInAll(runs.Regression)),
        new("classification-longer", "Classification: it grows with the corruption of the labels.", "App. A.4, Figure 7",
            runs => TrajectoryJudges.LongerInAll(runs.Classification.Runs)),
        new("regression-with-test-loss", "Regression: longer trajectories come with a worse loss on test data.", "§6, App. A.4",
            runs => TrajectoryJudges.AllWithTestLoss(runs.Regression)),
        new("classification-with-test-loss", "Classification: longer trajectories come with a worse loss on test data.", "§6, App. A.4",
            runs => TrajectoryJudges.AllWithTestLoss(runs.Classification.Runs)),
    ];

    private protected override RichText Summary =>
        "The sum, from initialization on, of the normalized steps of the first bias: how far the network had to go to become the function "
            + "it is.";

    private protected override ImmutableArray<Block> Panels(BothTasks runs) =>
    [
        new Section(
            "Figure 7",
            new SideBySide(
                TrajectoryFigure.Panel(
                    "Regression (Task 1)", "epoch", new Axis("length so far"), "frequency ω", runs.Regression, run => run.TotalLengths,
                    CosineTask.Points),
                TrajectoryFigure.Panel(
                    "Classification (Task 2)", "epoch", new Axis("length so far"), "corruption", runs.Classification.Runs,
                    run => run.TotalLengths, runs.Classification.Images)),
            TrajectoryFigure.Lines),
        new Section(
            "Length against test loss",
            new SideBySide(
                TrajectoryFigure.Against(
                    "Regression: a dot a training", new Axis("length of the whole trajectory"), new Axis("½(f − y)², test", Scale.Log),
                    "frequency ω", runs.Regression, run => run.TotalLength, run => run.EndTestLoss),
                TrajectoryFigure.Against(
                    "Classification: a dot a training", new Axis("length of the whole trajectory"),
                    new Axis("cross-entropy, test", Scale.Log), "corruption", runs.Classification.Runs, run => run.TotalLength,
                    run => run.EndTestLoss))),
    ];
}
