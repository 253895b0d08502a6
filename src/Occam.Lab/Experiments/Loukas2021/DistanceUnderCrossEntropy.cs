using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-4: Figure 4 of Loukas et al. 2021 (App. A.2), the distance of the first bias to its initialization under a binary cross-entropy,
/// whose slope is not bounded: Corollary 3 says nothing there.
/// </summary>
internal sealed class DistanceUnderCrossEntropy() : Experiment<ImageTrainingSet>(
    "bth-4",
    "Under cross-entropy the distance to initialization does not rise with complexity",
    Papers.Loukas2021,
    "Figure 4",
    ImageTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImageTrainingSet>> JudgedClaims { get; } =
    [
        new("does-not-rise",
            "The distance to initialization in the last ten epochs does not rise with the corruption of the labels.", "App. A.2, Figure 4",
            images => Judge
                .DoesNotRise("distance to initialization over the last ten epochs", images.Runs.Values(run => run.EndDistance))
                .IfFitted(images.Runs)),
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
        Summary = "The counterpart of the regression’s distances: where the loss is a binary cross-entropy, a wrong but sure answer "
            + "may be corrected by a step of any length, and Corollary 3 has no bound to give.",
        Panels =
        [
            new Section("Figure 4", new SideBySide(
                runs.Runs.Ends(
                    "Distance in the last ten epochs", new Axis("redrawn labels"), new Axis("‖b₁ − b₁(0)‖"), run => run.EndDistance,
                    shaded: true),
                TrajectoryFigure.Panel(
                    "Distance over the training", "epoch", new Axis("‖b₁ − b₁(0)‖"), "redrawn labels", runs.Runs, run => run.Distance,
                    runs.Images))),
        ],
        Settings = [.. runs.Described, TrainingFit.Setting, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
        Remarks = runs.Remarks,
        Tables = [TrajectoryFigure.Table("epochs", runs.Runs), TrajectoryFigure.EndTable("trainings", runs.Runs)],
    };
}
