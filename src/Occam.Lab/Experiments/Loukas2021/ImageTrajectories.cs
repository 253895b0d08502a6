using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-2-cifar: Figure 2d–f of Loukas et al. 2021. Task 2 (<see cref="ImageTask"/>) for four fractions of redrawn labels: training loss,
/// normalized length of the bias' trajectory by epoch, test loss.
/// </summary>
internal sealed class ImageTrajectories() : Experiment<ImageTrainingSet>(
    "bth-2-cifar",
    "The more labels are redrawn, the longer the trajectory of the first bias",
    Papers.Loukas2021,
    "Figure 2d–f",
    ImageTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImageTrainingSet>> JudgedClaims { get; } =
    [
        new("slower", "Training slows down as more labels are redrawn.", "§6, Figure 2d", images => TrainingFit.Slower(images.Runs)),
        new("longer", "The bias’ trajectory per epoch is longer when more labels are redrawn.", "§6, Figure 2e",
            images => TrajectoryJudges.LongerAtEnd(images.Runs)),
        new("with-test-loss", "Longer trajectories come with a worse loss on test data.", "§6, Figure 2f",
            images => TrajectoryJudges.WithTestLoss(images.Runs)),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [ImageTask.Decay];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => ImageTrainings.Size(scale);

    /// <inheritdoc/>
    public override ImageTrainingSet Compute(ExperimentContext context) => ImageTrainings.Run(context);

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ImageTrainingSet runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = "Networks of the same shape learn to tell dogs from airplanes, a part of the training labels being redrawn at "
            + "random: the more of them, the more complex the function that fits them all. Theorem 1 says that the normalized way of "
                + "the first bias through an epoch measures the slope of the network’s output at the training images.",
        Panels =
        [
            new Section(
                "Figure 2, bottom row",
                new SideBySide(
                    TrajectoryFigure.Panel(
                        "Training loss", "epoch", new Axis("cross-entropy"), "redrawn labels", runs.Runs, run => run.TrainingLoss,
                        runs.Images),
                    TrajectoryFigure.Panel(
                        "Bias trajectory per epoch", "epoch", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), "redrawn labels", runs.Runs,
                        run => run.FirstLengths, runs.Images),
                    TrajectoryFigure.Panel(
                        "Test loss", "epoch", new Axis("cross-entropy", Scale.Log), "redrawn labels", runs.Runs, run => run.TestLoss,
                        runs.Images)),
                new Prose("Lines are means over the seeds, bands one standard error to each side. The trajectory is that of the "
                    + "output after the sigmoid, as in the paper: where the network is sure of an example, its output is flat there.")),
            new Section(
                "Length against test loss",
                TrajectoryFigure.Against(
                    "A dot a training, at the end", new Axis("bias trajectory per epoch"), new Axis("cross-entropy, test", Scale.Log),
                    "redrawn labels", runs.Runs, run => run.EndLength, run => run.EndTestLoss)),
        ],
        Settings = [.. runs.Described, TrainingFit.Setting, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
        Remarks = runs.Remarks,
        Tables = [TrajectoryFigure.Table("epochs", runs.Runs), TrajectoryFigure.EndTable("trainings", runs.Runs)],
    };
}
