using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-4: Figure 4 of Loukas et al. 2021 (App. A.2), the distance of the first bias to its initialization under a binary cross-entropy,
/// whose slope is not bounded: Corollary 3 says nothing there.
/// </summary>
public sealed class DistanceUnderCrossEntropy() : Experiment(
    "bth-4",
    "Under cross-entropy the distance to initialization does not rise with complexity",
    Papers.Loukas2021,
    "Figure 4",
    ImageTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("The distance to initialization in the last ten epochs does not rise with the corruption of the labels.", "App. A.2, Figure 4"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => ImageTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var images = ImageTrainings.Run(context);
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "The counterpart of the regression’s distances: where the loss is a binary cross-entropy, a wrong but sure answer "
                + "is corrected by a step of any length, and the distance tells no complexity.",
            Verdicts =
            [
                Judgement.Ordered(
                    Claims[0], Trend.DoesNotRise, "distance to initialization over the last ten epochs",
                    images.Runs.Values(run => run.Distance.TakeLast(10).Average()), context.Scale),
            ],
            Panels =
            [
                new Section("Figure 4", new SideBySide(
                    images.Runs.Ends(
                        "Distance in the last ten epochs", new Axis("redrawn labels"), new Axis("‖b₁ − b₁(0)‖"),
                        run => run.Distance.TakeLast(10).Average(), shaded: true),
                    TrajectoryFigure.Panel(
                        "Distance over the training", "epoch", new Axis("‖b₁ − b₁(0)‖"), "redrawn labels", images.Runs, run => run.Distance,
                        images.Images))),
            ],
            Settings = [.. images.Described, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
            Remarks = images.Remarks,
            Tables = [TrajectoryFigure.EndTable("distances", images.Runs)],
        };
    }
}
