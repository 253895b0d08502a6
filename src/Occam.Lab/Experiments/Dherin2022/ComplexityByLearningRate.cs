using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-4-lr: the top row of Figure 4 of Dherin et al. 2022, ResNet-18 on CIFAR-10 (<see cref="ResNetTask"/>) with several
/// learning rates: geometric complexity, test accuracy and training loss over the steps. The rates are not published;
/// chosen: 0.005, 0.01, 0.02, 0.05, 0.1, 0.2.
/// </summary>
internal sealed class ComplexityByLearningRate() : ComplexityExperiment<ComplexityRuns>(
    "gc-4-lr",
    "Larger learning rates find functions of lower geometric complexity",
    Papers.Dherin2022,
    "Figure 4, top row",
    ResNetTask.DataSets)
{
    private const string Source = "§5, Figure 4";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ComplexityRuns>> JudgedClaims { get; } =
    [
        new("complexity-falls", "The geometric complexity falls as the learning rate rises.", Source,
            trainings => ComplexityFindings.FittedComplexityFalls(trainings.Runs)),
        new("accuracy-rises", "The test accuracy rises with the learning rate.", Source,
            trainings => ComplexityFindings.AccuracyRises(trainings.Runs).IfAllReachZero(trainings.Runs)),
        new("loss-reaches-zero", "All models achieve a training loss of zero: at some time.", Source,
            trainings => ComplexityFindings.ReachesZero(trainings.Runs)),
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
            Settings = [.. task.Described, .. sweep.Setting, ComplexityText.PlainSgd, ComplexityFindings.Zero, ComplexityFindings.Judged],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ComplexityRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = $"{runs.Network} is trained with plain stochastic gradient descent, again and again with another learning rate. By "
            + "the theory a step of size h follows the loss with h/4 times its squared slope added to it: the larger the step, the "
                + "stronger the pull to where the loss is flat. Is the function flat there, too?",
        Panels = [new Section("Figure 4, top row", [.. Sweep.OfLearningRates(context.Scale).Row(runs.Runs), ComplexityText.Bands])],
        Settings = runs.Settings,
        Remarks = runs.Remarks,
        Tables = ComplexityFigure.Tables(runs.Runs),
    };
}
