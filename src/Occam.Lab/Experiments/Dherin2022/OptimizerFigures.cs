using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// Figures 3 (left) and 4 of Dherin et al. 2022 again with another optimizer than plain gradient descent (SM C.7 and C.8): learning rates,
/// batches, L2, flatness and spectral regularization. As there, what is said of rates and batches is said of models that all achieve a
/// training loss of zero.
/// </summary>
internal abstract class OptimizerFigures(string id, string title, string figure)
    : ComplexityExperiment<OptimizerRuns>(id, title, Papers.Dherin2022, figure, ResNetTask.DataSets)
{
    private const double Share = 0.8;
    private const int Most = 4;
    private const int Ends = 2;

    private static readonly RegularizerSweep[] s_regularizers = [RegularizerSweep.L2, RegularizerSweep.Flatness, RegularizerSweep.Spectral];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<OptimizerRuns>> JudgedClaims =>
    [
        new("rate-complexity-falls", "The geometric complexity falls as the learning rate rises.", Figure,
            trainings => ComplexityFindings.FittedComplexityFalls(trainings.Rates)),
        new("rate-accuracy-rises", "The test accuracy rises with the learning rate.", Figure,
            trainings => ComplexityFindings.AccuracyRises(trainings.Rates).IfAllReachZero(trainings.Rates)),
        new("batch-complexity-rises", "The geometric complexity rises with the batch.", Figure,
            trainings => ComplexityFindings.FittedComplexityRises(trainings.Batches)),
        new("batch-accuracy-falls", "The test accuracy falls as the batch grows.", Figure,
            trainings => ComplexityFindings.AccuracyFalls(trainings.Batches).IfAllReachZero(trainings.Batches)),
        .. s_regularizers.Select((regularizer, i) => new Claim<OptimizerRuns>(
            $"{regularizer.Name.ToLowerInvariant()}-best-complexity-falls",
            $"As {regularizer.Name} regularization increases, the geometric complexity at the best test accuracy falls.",
            Figure,
            trainings => ComplexityFindings.BestComplexityFalls(trainings.Regularized[i]))),
        .. s_regularizers.Select((regularizer, i) => new Claim<OptimizerRuns>(
            $"{regularizer.Name.ToLowerInvariant()}-end-complexity-falls",
            $"As {regularizer.Name} regularization increases, the geometric complexity at the end of training falls.",
            $"{Figure}, at a moment chosen here",
            trainings => ComplexityFindings.EndComplexityFalls(trainings.Regularized[i]))),
    ];

    /// <summary>The optimizer in words.</summary>
    private protected abstract string OptimizerName { get; }

    /// <summary>The optimizer that stands in for plain gradient descent of a learning rate.</summary>
    private protected abstract Optimizer OptimizerFor(double rate);

    /// <summary>The learning rate of plain gradient descent in whose place the batches are trained.</summary>
    private protected virtual double BatchRate(ExperimentScale scale) => Sweep.BatchLearningRate;

    private Sweep Rates(ExperimentScale scale) => Sweep.OfLearningRates(scale, OptimizerFor, Most, larger: true);

    private Sweep Batches(ExperimentScale scale) => Sweep.OfBatches(scale, OptimizerFor, Most, BatchRate(scale));

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var (rates, batches) = (Rates(scale).Levels.Length, Batches(scale).Levels.Length);
        var strengths = s_regularizers.Sum(regularizer => regularizer.Cost * (regularizer.Conditions(scale, Ends).Length - 1));

        // The common batch is among the batches, and no regularization among the learning rates (but not in smoke).
        return ResNetTask.Size(
            scale, $"{rates} learning rates, {batches} batches, 3 regularizers", rates + (Sweep.BatchCost * batches) + strengths - 1,
            Share);
    }

    /// <inheritdoc/>
    public override OptimizerRuns Compute(ExperimentContext context)
    {
        var task = ResNetTask.Create(context, Share);
        task = task with { Settings = task.Settings with { Optimizer = OptimizerFor(ResNetTask.LearningRate) } };
        var (rates, batches) = (Rates(context.Scale), Batches(context.Scale));
        var trained = TrainingGroup.Train(
            context,
            [
                new TrainingGroup("learning rates", task, rates.Conditions),
                new TrainingGroup("batches", task, batches.Conditions),
                .. s_regularizers.Select(regularizer => new TrainingGroup(
                    $"{regularizer.Name} regularization", task, regularizer.Conditions(context.Scale, Ends))),
            ]);
        return new OptimizerRuns(trained[0], trained[1], trained[2..])
        {
            Network = task.Network,
            Settings =
            [
                .. task.Described,
                new("optimizer", OptimizerName, Origin.Stated),
                .. rates.Setting,
                .. batches.Setting,
                .. s_regularizers.Select(regularizer => regularizer.Setting(context.Scale, Ends)),
                new("learning rate under regularization", task.Settings.Optimizer.LearningRate, Origin.Chosen),
                ComplexityFindings.Zero,
                ComplexityFindings.Judged,
            ],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, OptimizerRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = $"The figures on implicit and explicit regularization once more, {runs.Network} now trained by {OptimizerName}.",
        Panels =
        [
            new Section("Learning rates", [.. Rates(context.Scale).Row(runs.Rates)]),
            new Section("Batches", [.. Batches(context.Scale).Row(runs.Batches), ComplexityText.Bands]),
            new Section(
                "Explicit regularization",
                new SideBySide([.. runs.Regularized.Select((own, i) => s_regularizers[i].Panel(
                    $"{s_regularizers[i].Name} regularization", own, new Axis("geometric complexity at the best test accuracy"),
                    run => run.Best.Complexity))]),
                new SideBySide([.. runs.Regularized.Select((own, i) => s_regularizers[i].Panel(
                    $"{s_regularizers[i].Name} regularization", own, new Axis("geometric complexity at the end"),
                    run => run.End.Complexity))]),
                ComplexityText.Bars),
        ],
        Settings = runs.Settings,
        Remarks =
        [
            .. runs.Remarks,
            "Of each explicit regularization networks without it and with the strongest are trained: that complexity falls says that it is "
                + "lower with it than without. What strengths between do, of plain gradient descent, is Figure 3’s.",
        ],
        Tables =
        [
            .. ComplexityFigure.Tables(runs.Rates, "rates-"),
            .. ComplexityFigure.Tables(runs.Batches, "batches-"),
            .. runs.Regularized.SelectMany((own, i) => ComplexityFigure.Tables(own, $"{s_regularizers[i].Name.ToLowerInvariant()}-")),
        ],
    };
}
