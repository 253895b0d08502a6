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
public sealed class ComplexityByLearningRate() : ComplexityExperiment(
    "gc-4-lr",
    "Larger learning rates find functions of lower geometric complexity",
    Papers.Dherin2022,
    "Figure 4, top row",
    ResNetTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("The geometric complexity falls as the learning rate rises.", "§5, Figure 4"),
        new("The test accuracy rises with the learning rate.", "§5, Figure 4"),
        new("All models achieve a training loss of zero.", "§5, Figure 4"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LearningRateTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var (task, sweep, runs) = LearningRateTrainings.Run(context);
        VerdictBlock[] verdicts = [.. sweep.Judge(Claims, runs, context.Scale)];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = $"{task.Network} is trained with plain stochastic gradient descent, again and again with another learning rate. A "
                + "step of size h follows the loss with h/4 times its squared slope added to it: the larger the step, the stronger the "
                    + "pull to where the loss, and with it the function, is flat.",
            Verdicts = [.. verdicts],
            Panels = [new Section("Figure 4, top row", [.. sweep.Row(runs), ComplexityText.Bands])],
            Settings = [.. task.Described, .. sweep.Setting, ComplexityText.PlainSgd],
            Remarks = task.Remarks,
            Tables = ComplexityFigure.Tables(runs),
        };
    }
}
