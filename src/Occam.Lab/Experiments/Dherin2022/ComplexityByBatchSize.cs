using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-4-batch: the bottom row of Figure 4 of Dherin et al. 2022, ResNet-18 on CIFAR-10 (<see cref="ResNetTask"/>) with
/// batches of several sizes and as many steps of each. The sizes are not published; chosen: 16 to 1024, learning rate 0.02.
/// </summary>
internal sealed class ComplexityByBatchSize() : ComplexityExperiment<ComplexityRuns>(
    "gc-4-batch",
    "Smaller batches find functions of lower geometric complexity",
    Papers.Dherin2022,
    "Figure 4, bottom row",
    ResNetTask.DataSets)
{
    // On a laptop: until the smallest batch has brought the training loss near zero.
    private const double Share = 1.2;

    private const string Source = "§5, Figure 4";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ComplexityRuns>> JudgedClaims { get; } =
    [
        new("complexity-rises", "The geometric complexity rises with the batch.", Source,
            trainings => ComplexityFindings.FittedComplexityRises(trainings.Runs)),
        new("accuracy-falls", "The test accuracy falls as the batch grows.", Source,
            trainings => ComplexityFindings.AccuracyFalls(trainings.Runs).IfAllReachZero(trainings.Runs)),
        new("loss-reaches-zero", "All models achieve a training loss of zero: at some time.", Source,
            trainings => ComplexityFindings.ReachesZero(trainings.Runs)),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var count = Sweep.OfBatches(scale).Levels.Length;
        return ResNetTask.Size(scale, $"{count} batches", Sweep.BatchCost * count, Share);
    }

    /// <inheritdoc/>
    public override ComplexityRuns Compute(ExperimentContext context)
    {
        var (task, sweep) = (ResNetTask.Create(context, Share), Sweep.OfBatches(context.Scale));
        return new ComplexityRuns(task.Train(context, "training", sweep.Conditions))
        {
            Network = task.Network,
            Settings = [.. task.Described, .. sweep.Setting, ComplexityText.PlainSgd, ComplexityFindings.Zero, ComplexityFindings.Judged],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ComplexityRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = $"{runs.Network} is trained with plain stochastic gradient descent, again and again with batches of another size. "
            + "By the theory the implicit regularization goes with the learning rate over the batch: the fewer images a step sees, the "
                + "stronger its pull to where the loss is flat. Is the function flat there, too?",
        Panels = [new Section("Figure 4, bottom row", [.. Sweep.OfBatches(context.Scale).Row(runs.Runs), ComplexityText.Bands])],
        Settings = runs.Settings,
        Remarks = runs.Remarks,
        Tables = ComplexityFigure.Tables(runs.Runs),
    };
}
