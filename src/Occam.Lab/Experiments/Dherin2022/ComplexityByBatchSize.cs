using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-4-batch: the bottom row of Figure 4 of Dherin et al. 2022, ResNet-18 on CIFAR-10 (<see cref="ResNetTask"/>) with
/// batches of several sizes and as many steps of each. The sizes are not published; chosen: 16 to 1024, learning rate 0.02.
/// </summary>
public sealed class ComplexityByBatchSize() : ComplexityExperiment(
    "gc-4-batch",
    "Smaller batches find functions of lower geometric complexity",
    Papers.Dherin2022,
    "Figure 4, bottom row",
    ResNetTask.DataSets)
{
    // On a laptop: until the smallest batch has brought the training loss near zero.
    private const double Share = 1.2;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("The geometric complexity rises with the batch.", "§5, Figure 4"),
        new("The test accuracy falls as the batch grows.", "§5, Figure 4"),
        new("All models achieve a training loss of zero.", "§5, Figure 4"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var count = Sweep.OfBatches(scale).Levels.Length;
        return ResNetTask.Size(scale, $"{count} batches", Sweep.BatchCost * count, Share);
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var (task, sweep) = (ResNetTask.Create(context, Share), Sweep.OfBatches(context.Scale));
        var runs = task.Train(context, "training", sweep.Conditions);
        VerdictBlock[] verdicts = [.. sweep.Judge(Claims, runs, context.Scale)];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = $"{task.Network} is trained with plain stochastic gradient descent, again and again with batches of another size. "
                + "The implicit regularization goes with the learning rate over the batch: the fewer images a step sees, the stronger "
                    + "its pull to functions that are flat.",
            Verdicts = [.. verdicts],
            Panels = [new Section("Figure 4, bottom row", [.. sweep.Row(runs), ComplexityText.Bands])],
            Settings = [.. task.Described, .. sweep.Setting, ComplexityText.PlainSgd],
            Remarks = task.Remarks,
            Tables = ComplexityFigure.Tables(runs),
        };
    }
}
