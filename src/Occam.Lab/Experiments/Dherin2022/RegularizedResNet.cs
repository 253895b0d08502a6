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
internal abstract class RegularizedResNet(string id, string title)
    : ComplexityExperiment<ComplexityRuns>(id, title, Papers.Dherin2022, "Figure 3, left, and SM C.5", ResNetTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ComplexityRuns>> JudgedClaims =>
    [
        new("best-complexity-falls",
            $"As {RegularizerSweep.Name} regularization increases, the geometric complexity at the best test accuracy falls.",
            "§4, Figure 3, left",
            trainings => ComplexityFindings.BestComplexityFalls(trainings.Runs)),
        new("end-complexity-falls",
            $"As {RegularizerSweep.Name} regularization increases, the geometric complexity at the end of training falls.",
            "§4, Figure 3, left, at a moment chosen here",
            trainings => ComplexityFindings.EndComplexityFalls(trainings.Runs)),
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
    public override ComplexityRuns Compute(ExperimentContext context)
    {
        var task = ResNetTask.Create(context, Share);
        return new ComplexityRuns(task.Train(context, "training", RegularizerSweep.Conditions(context.Scale)))
        {
            Network = task.Network,
            Settings =
            [
                .. task.Described,
                RegularizerSweep.Setting(context.Scale),
                .. ResNetTask.Step(context.Scale),
                new("optimizer", "SGD without momentum, augmentation or schedule", Origin.Stated),
            ],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ComplexityRuns runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var shade = new ShadeScale($"{RegularizerSweep.Name}: strength");
        return new ExperimentFigure
        {
            Summary = $"{runs.Network} is trained with {RegularizerSweep.Formula} added to its loss, and measured when it classified the "
                + $"test images best. {Rationale}",
            Panels =
            [
                new Section(
                    "Figure 3, left",
                    new SideBySide(
                        RegularizerSweep.Panel(
                            "At the best test accuracy", runs.Runs, new Axis("geometric complexity"), run => run.Best.Complexity),
                        RegularizerSweep.Panel("At the end", runs.Runs, new Axis("geometric complexity"), run => run.End.Complexity),
                        RegularizerSweep.Panel("Best test accuracy", runs.Runs, new Axis("share correct"), run => run.Best.TestAccuracy)),
                    ComplexityText.Bars),
                new Section(
                    "On the way",
                    new SideBySide(
                        ComplexityFigure.Curves(
                            "Geometric complexity", new Axis("geometric complexity"), shade, runs.Runs,
                            observation => observation.Complexity),
                        ComplexityFigure.Curves(
                            "Training loss", new Axis("cross-entropy"), shade, runs.Runs, observation => observation.TrainingLoss)),
                    ComplexityText.Curves),
            ],
            Settings = runs.Settings,
            Remarks = runs.Remarks,
            Tables = ComplexityFigure.Tables(runs.Runs),
        };
    }
}
