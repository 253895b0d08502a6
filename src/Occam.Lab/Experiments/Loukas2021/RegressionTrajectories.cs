using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-2-regression: Figure 2a–c of Loukas et al. 2021. Task 1 (<see cref="CosineTask"/>) for four frequencies: training
/// loss, normalized length of the bias' trajectory by epoch, test loss; and on the same trainings Theorem 1, Lemma 1 and
/// Corollaries 2 and 3, both sides of each.
/// </summary>
public sealed class RegressionTrajectories() : Experiment(
    "bth-2-regression",
    "The more complex the target, the longer the trajectory of the first bias",
    Papers.Loukas2021,
    "Figure 2a–c")
{
    private const int LastTenth = 10;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("Training slows down as the target’s frequency grows.", "§6, Figure 2a"),
        new("The bias’ trajectory per epoch is longer when the target is more complex.", "§6, Figure 2b"),
        new("Longer trajectories come with a worse loss on test data.", "§6, Figure 2c"),
        new("The trajectory’s length is between the bounds of Theorem 1; with the identity as first weights both are equalities (Lemma 1).",
            "Theorem 1, Lemma 1"),
        new("The variance of the bias is at least what Corollary 2 says.", "Corollary 2, eq. 1"),
        new("The bias moves from its initialization by at most what Corollary 3 says.", "Corollary 3"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => CosineTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var runs = CosineTrainings.Run(context);
        SeedGroup[] lengths = runs.Values(run => End(run.FirstLengths));
        return new ExperimentOutcome
        {
            Headline = "The more complex the target, the longer the trajectory of the first bias",
            Summary = RichText.Html(
                $"Networks of the same shape learn {CosineTask.Points} points of cos(2πω<var>z</var>₁) cos(2πω<var>z</var>₂). Every step ",
                $"moves the first layer’s bias; divided by the learning rate and by how much the loss cared, the length of that ",
                $"step is the slope of the learned function at the example. So the length of the bias’ way through an ",
                $"epoch tells, for nothing, how steep the function has become at the data: ",
                $"{lengths[0].Values.Average()} in an epoch at the end for {lengths[0].Name}, ",
                $"{lengths[^1].Values.Average()} for {lengths[^1].Name}."),
            Verdicts =
            [
                Judgement.Ordered(
                    Claims[0], Trend.Rises, "training loss, averaged over the training,", runs.Values(run => run.TrainingLoss.Average()),
                    context.Scale),
                Judgement.Ordered(
                    Claims[1], Trend.Rises, "trajectory length per epoch over the last tenth of the training", lengths, context.Scale),
                Judgement.Ordered(
                    Claims[2], Trend.Rises, "test loss over the last tenth of the training", runs.Values(run => End(run.TestLoss)),
                    context.Scale),
                .. TheoremVerdicts.Judge([.. Claims.Skip(3)], runs, context),
            ],
            Panels =
            [
                new Section(
                    "Figure 2, top row",
                    new SideBySide(
                        TrajectoryFigure.Panel(
                            "Training loss", "epoch", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TrainingLoss,
                            CosineTask.Points),
                        TrajectoryFigure.Panel(
                            "Bias trajectory per epoch", "epoch", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), "frequency ω", runs,
                            run => run.FirstLengths, CosineTask.Points),
                        TrajectoryFigure.Panel(
                            "Test loss", "epoch", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TestLoss,
                            CosineTask.Points)),
                    new Prose("Lines are means over the seeds, bands one standard error to each side.")),
            ],
            Settings = [.. CosineTask.Described(context), new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
            Remarks = CosineTask.Remarks(context, runs),
            Tables = [TrajectoryFigure.Table("epochs", runs)],
        };
    }

    private static double End(ImmutableArray<double> values) => values.TakeLast(Math.Max(1, values.Length / LastTenth)).Average();
}
