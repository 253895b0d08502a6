using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// gor-2: Figure 2 of Dherin et al. 2021, the discrete Dirichlet energy (eq. 5, half the geometric complexity) and the slope
/// of the loss surface ‖∇_θ L‖² of ResNet-18 on CIFAR-10 at the time of best test accuracy, over learning rates. The rates
/// are not published; chosen: 0.005, 0.01, 0.02, 0.05, 0.1, 0.2. It looks at the trainings of gc-4-lr. "Each dot corresponds to a fully
/// trained model": where one isn't, nothing is judged.
/// </summary>
internal sealed class EnergyAndSlope() : ComplexityExperiment<ComplexityRuns>(
    "gor-2",
    "Dirichlet energy and the loss surface’s slope fall as the learning rate rises",
    Papers.Dherin2021,
    "Figure 2",
    ResNetTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ComplexityRuns>> JudgedClaims { get; } =
    [
        new("energy-falls", "The Dirichlet energy at the best test accuracy falls as the learning rate rises.", "§4, Figure 2",
            trainings => Judge.FallsByFactor("Dirichlet energy", trainings.Runs.Values(Energy)).IfAllReachZero(trainings.Runs)),
        new("slope-falls", "The slope of the loss surface at the best test accuracy falls as the learning rate rises.", "§4, Figure 2",
            trainings => Judge.FallsByFactor("slope ‖∇L‖²", trainings.Runs.Values(run => run.Best.Slope))
                .IfAllReachZero(trainings.Runs)),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LearningRateTrainings.Size(scale);

    /// <inheritdoc/>
    public override ComplexityRuns Compute(ExperimentContext context)
    {
        var (task, sweep, runs) = LearningRateTrainings.Run(context);
        return new ComplexityRuns(runs)
        {
            Network = task.Network,
            Settings =
            [
                .. task.Described, .. sweep.Setting, ComplexityText.PlainSgd,
                new(
                    "moment",
                    "the best test accuracy, as the paper’s text and caption say; a rendering of its figure says the best F1 score",
                    Origin.Stated),
                new(
                    "fully trained, as the caption says of every model",
                    "a training loss of zero, as in Figure 4 of the second paper; where one doesn’t come there nothing is judged",
                    Origin.Chosen),
                ComplexityFindings.Zero,
                new("slope", "of the mean cross-entropy by all parameters, on the same training images, in evaluation mode", Origin.Chosen),
            ],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ComplexityRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = $"{runs.Network} is trained with plain stochastic gradient descent at several learning rates. Each network is "
            + "looked at when it classified the test images best.",
        Panels =
        [
            new Section(
                "Figure 2",
                new SideBySide(
                    runs.Runs.Ends("Dirichlet energy", new Axis("learning rate", Scale.Log), new Axis("½ mean ‖∇f‖²"), Energy),
                    runs.Runs.Ends(
                        "Slope of the loss surface", new Axis("learning rate", Scale.Log), new Axis("‖∇L‖²", Scale.Log),
                        run => run.Best.Slope),
                    runs.Runs.Ends(
                        "When", new Axis("learning rate", Scale.Log), new Axis("step of best test accuracy"), run => run.Best.Step)),
                ComplexityText.Bars),
        ],
        Settings = runs.Settings,
        Remarks = runs.Remarks,
        Tables = ComplexityFigure.Tables(runs.Runs),
    };

    private static double Energy(ComplexityRun run) => run.Best.Complexity / 2;
}
