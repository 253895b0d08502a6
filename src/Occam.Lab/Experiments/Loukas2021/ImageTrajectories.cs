using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-2-cifar: Figure 2d–f of Loukas et al. 2021. Task 2 (<see cref="ImageTask"/>) for four fractions of redrawn labels: training loss,
/// normalized length of the bias' trajectory by epoch, test loss.
/// </summary>
public sealed class ImageTrajectories() : Experiment(
    "bth-2-cifar",
    "The more labels are redrawn, the longer the trajectory of the first bias",
    Papers.Loukas2021,
    "Figure 2d–f",
    ImageTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("Training slows down as more labels are redrawn.", "§6, Figure 2d"),
        new("The bias’ trajectory per epoch is longer when more labels are redrawn.", "§6, Figure 2e"),
        new("Longer trajectories come with a worse loss on test data.", "§6, Figure 2f"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => ImageTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var images = ImageTrainings.Run(context);
        var runs = images.Runs;
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "Networks of the same shape learn to tell dogs from airplanes, a part of the training labels being redrawn at "
                + "random: the more of them, the more complex the function that fits them all. Theorem 1 says that the normalized way of "
                    + "the first bias through an epoch measures the slope of the network’s output at the training images.",
            Verdicts =
            [
                Judgement.Ordered(
                    Claims[0], Trend.Rises, "training loss, averaged over the training,", runs.Values(run => run.TrainingLoss.Average()),
                    context.Scale),
                Judgement.Ordered(
                    Claims[1], Trend.Rises, "trajectory length per epoch, averaged over the training,",
                    runs.Values(run => run.FirstLengths.Average()), context.Scale),
                Judgement.Ordered(Claims[2], Trend.Rises, "test loss at the end", runs.Values(run => run.TestLoss[^1]), context.Scale),
            ],
            Panels =
            [
                new Section(
                    "Figure 2, bottom row",
                    new SideBySide(
                        TrajectoryFigure.Panel(
                            "Training loss", "epoch", new Axis("cross-entropy"), "redrawn labels", runs, run => run.TrainingLoss,
                            images.Images),
                        TrajectoryFigure.Panel(
                            "Bias trajectory per epoch", "epoch", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), "redrawn labels", runs,
                            run => run.FirstLengths, images.Images),
                        TrajectoryFigure.Panel(
                            "Test loss", "epoch", new Axis("cross-entropy", Scale.Log), "redrawn labels", runs, run => run.TestLoss,
                            images.Images)),
                    new Prose("Lines are means over the seeds, bands one standard error to each side. The trajectory is that of the "
                        + "output after the sigmoid, as in the paper: where the network is sure of an example, its output is flat there.")),
            ],
            Settings = [.. images.Described, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
            Remarks = images.Remarks,
            Tables = [TrajectoryFigure.Table("epochs", runs)],
        };
    }
}
