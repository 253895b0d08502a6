using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// Figures 3 (left) and 4 of Dherin et al. 2022 again with another optimizer than plain gradient descent (SM C.7 and C.8): learning rates,
/// batches, L2, flatness and spectral regularization.
/// </summary>
public abstract class OptimizerFigures(string id, string title, string figure)
    : ComplexityExperiment(id, title, Papers.Dherin2022, figure, ResNetTask.DataSets)
{
    private const double Share = 0.8;
    private const int Most = 4;
    private const int Ends = 2;

    private static readonly RegularizerSweep[] s_regularizers = [RegularizerSweep.L2, RegularizerSweep.Flatness, RegularizerSweep.Spectral];

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims =>
    [
        new("The geometric complexity falls as the learning rate rises.", Figure),
        new("The test accuracy rises with the learning rate.", Figure),
        new("The geometric complexity rises with the batch.", Figure),
        new("The test accuracy falls as the batch grows.", Figure),
        .. s_regularizers.Select(regularizer => new Claim(
            $"As {regularizer.Name} regularization increases, the geometric complexity at the best test accuracy falls.", Figure)),
        .. s_regularizers.Select(regularizer => new Claim(
            $"As {regularizer.Name} regularization increases, the geometric complexity at the end of training falls.",
            $"{Figure}, at a moment chosen here")),
    ];

    /// <summary>The optimizer in words.</summary>
    private protected abstract string OptimizerName { get; }

    /// <summary>The optimizer that stands in for plain gradient descent of a learning rate.</summary>
    private protected abstract Optimizer OptimizerFor(double rate);

    /// <summary>The learning rate of plain gradient descent in whose place the batches are trained.</summary>
    private protected virtual double BatchRate(ExperimentScale scale) => Sweep.BatchLearningRate;

    private Sweep Batches(ExperimentScale scale) => Sweep.OfBatches(scale, OptimizerFor, Most, BatchRate(scale));

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var (rates, batches) = (Sweep.OfLearningRates(scale, OptimizerFor, Most, larger: true).Levels.Length, Batches(scale).Levels.Length);
        var strengths = s_regularizers.Sum(regularizer => regularizer.Cost * (regularizer.Conditions(scale, Ends).Length - 1));

        // The common batch is among the batches, and no regularization among the learning rates (but not in smoke).
        return ResNetTask.Size(
            scale, $"{rates} learning rates, {batches} batches, 3 regularizers", rates + (Sweep.BatchCost * batches) + strengths - 1,
            Share);
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var task = ResNetTask.Create(context, Share);
        task = task with { Settings = task.Settings with { Optimizer = OptimizerFor(ResNetTask.LearningRate) } };
        var (rates, batches) = (Sweep.OfLearningRates(context.Scale, OptimizerFor, Most, larger: true), Batches(context.Scale));
        var trained = TrainingGroup.Train(
            context,
            [
                new TrainingGroup("learning rates", task, rates.Conditions),
                new TrainingGroup("batches", task, batches.Conditions),
                .. s_regularizers.Select(regularizer => new TrainingGroup(
                    $"{regularizer.Name} regularization", task, regularizer.Conditions(context.Scale, Ends))),
            ]);
        var (overRates, overBatches) = (trained[0], trained[1]);
        ImmutableArray<ComplexityRun>[] penalized = [.. trained[2..]];
        VerdictBlock[] verdicts =
        [
            .. rates.Judge(Claims[..2], overRates, context.Scale),
            .. batches.Judge(Claims[2..4], overBatches, context.Scale),
            .. penalized.Select((runs, i) => Judgement.Ordered(
                Claims[4 + i], Trend.Falls, "geometric complexity at the best test accuracy", runs.Values(run => run.Best.Complexity),
                context.Scale)),
            .. penalized.Select((runs, i) => Judgement.Ordered(
                Claims[4 + s_regularizers.Length + i], Trend.Falls, "geometric complexity at the end",
                runs.Values(run => run.End.Complexity), context.Scale)),
        ];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = $"The figures on implicit and explicit regularization once more, {task.Network} now trained by {OptimizerName}.",
            Verdicts = [.. verdicts],
            Panels =
            [
                new Section("Learning rates", [.. rates.Row(overRates)]),
                new Section("Batches", [.. batches.Row(overBatches), ComplexityText.Bands]),
                new Section(
                    "Explicit regularization",
                    new SideBySide([.. penalized.Select((runs, i) => s_regularizers[i].Panel(
                        $"{s_regularizers[i].Name} regularization", runs, new Axis("⟨f, D⟩ at the best test accuracy"),
                        run => run.Best.Complexity))]),
                    new SideBySide([.. penalized.Select((runs, i) => s_regularizers[i].Panel(
                        $"{s_regularizers[i].Name} regularization", runs, new Axis("⟨f, D⟩ at the end"), run => run.End.Complexity))]),
                    ComplexityText.Bars),
            ],
            Settings =
            [
                .. task.Described,
                new("optimizer", OptimizerName, Origin.Stated),
                .. rates.Setting,
                .. batches.Setting,
                .. s_regularizers.Select(regularizer => regularizer.Setting(context.Scale, Ends)),
                new("learning rate under regularization", task.Settings.Optimizer.LearningRate, Origin.Chosen),
            ],
            Remarks = task.Remarks,
            Tables =
            [
                .. ComplexityFigure.Tables(overRates, "rates-"),
                .. ComplexityFigure.Tables(overBatches, "batches-"),
                .. penalized.SelectMany((runs, i) => ComplexityFigure.Tables(runs, $"{s_regularizers[i].Name.ToLowerInvariant()}-")),
            ],
        };
    }
}
