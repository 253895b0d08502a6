using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// A part of Figure 3, left, of Dherin et al. 2022: the geometric complexity of ResNet-18 on CIFAR-10 (<see cref="ResNetTask"/>) at the
/// time of best test accuracy, under an explicit regularizer.
/// </summary>
public abstract class RegularizedResNet(string id, string title)
    : ComplexityExperiment(id, title, Papers.Dherin2022, "Figure 3, left, and SM C.5", ResNetTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims =>
    [
        new($"As {RegularizerSweep.Name} regularization increases, the geometric complexity at the best test accuracy falls.",
            "§4, Figure 3, left"),
        new($"As {RegularizerSweep.Name} regularization increases, the geometric complexity at the end of training falls.",
            "§4, Figure 3, left, at a moment chosen here"),
    ];

    /// <summary>The regularizer and its strengths.</summary>
    private protected abstract RegularizerSweep RegularizerSweep { get; }

    /// <summary>Why it should lower the complexity, in a sentence.</summary>
    private protected abstract string Rationale { get; }

    // The costlier a step, the fewer of them fit into half an hour.
    private double Share => Math.Min(1, 1.8 / RegularizerSweep.Cost);

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var count = RegularizerSweep.Conditions(scale).Length;
        return ResNetTask.Size(scale, $"{count} strengths", count * RegularizerSweep.Cost, Share);
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var task = ResNetTask.Create(context, Share);
        var runs = task.Train(context, "training", RegularizerSweep.Conditions(context.Scale));
        var shade = new ShadeScale($"{RegularizerSweep.Name}: strength");
        VerdictBlock[] verdicts =
        [
            Judgement.Ordered(
                Claims[0], Trend.Falls, "geometric complexity at the best test accuracy", runs.Values(run => run.Best.Complexity),
                context.Scale),
            Judgement.Ordered(
                Claims[1], Trend.Falls, "geometric complexity at the end", runs.Values(run => run.End.Complexity), context.Scale),
        ];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = $"{task.Network} is trained with {RegularizerSweep.Formula} added to its loss, and measured when it classified the "
                + $"test images best. {Rationale}",
            Verdicts = [.. verdicts],
            Panels =
            [
                new Section(
                    "Figure 3, left",
                    new SideBySide(
                        RegularizerSweep.Panel("At the best test accuracy", runs, new Axis("⟨f, D⟩"), run => run.Best.Complexity),
                        RegularizerSweep.Panel("At the end", runs, new Axis("⟨f, D⟩"), run => run.End.Complexity),
                        RegularizerSweep.Panel("Best test accuracy", runs, new Axis("share correct"), run => run.Best.TestAccuracy)),
                    ComplexityText.Bars),
                new Section(
                    "On the way",
                    new SideBySide(
                        ComplexityFigure.Curves(
                            "Geometric complexity", new Axis("⟨f, D⟩"), shade, runs, observation => observation.Complexity),
                        ComplexityFigure.Curves(
                            "Training loss", new Axis("cross-entropy"), shade, runs, observation => observation.TrainingLoss)),
                    ComplexityText.Curves),
            ],
            Settings =
            [
                .. task.Described,
                RegularizerSweep.Setting(context.Scale),
                .. ResNetTask.Step(context.Scale),
                new("optimizer", "SGD without momentum, augmentation or schedule", Origin.Stated),
            ],
            Remarks = task.Remarks,
            Tables = ComplexityFigure.Tables(runs),
        };
    }
}
