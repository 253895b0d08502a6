using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// Geometric complexity under label noise (Dherin et al. 2022, Figure 3, middle and right). The fractions are not
/// published, nor whether the labels were replaced once or at every step, nor when the complexity was measured; chosen: 0,
/// 0.05, 0.1, 0.2, 0.3, 0.4, and all four readings.
/// </summary>
internal abstract class LabelNoiseExperiment(string id, string title, string figure, params ImmutableArray<string> dataSets)
    : ComplexityExperiment<LabelNoiseRuns>(id, title, Papers.Dherin2022, figure, dataSets)
{
    private const string Source = "§4, Figure 3, middle and right";

    private static readonly double[] s_fractions = [0, 0.05, 0.1, 0.2, 0.3, 0.4];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<LabelNoiseRuns>> JudgedClaims { get; } =
    [
        new("once-best-complexity-falls",
            "The geometric complexity falls as label noise increases: labels replaced once, at the best test accuracy.", Source,
            trainings => ComplexityFindings.BestComplexityFalls(trainings.Once)),
        new("every-step-best-complexity-falls",
            "The geometric complexity falls as label noise increases: labels replaced at every step, at the best test accuracy.", Source,
            trainings => ComplexityFindings.BestComplexityFalls(trainings.EveryStep)),
        new("once-end-complexity-falls",
            "The geometric complexity falls as label noise increases: labels replaced once, at the end.", Source,
            trainings => ComplexityFindings.EndComplexityFalls(trainings.Once)),
        new("every-step-end-complexity-falls",
            "The geometric complexity falls as label noise increases: labels replaced at every step, at the end.", Source,
            trainings => ComplexityFindings.EndComplexityFalls(trainings.EveryStep)),
    ];

    /// <inheritdoc/>
    public override LabelNoiseRuns Compute(ExperimentContext context)
    {
        var task = Task(context);
        var fractions = Fractions(context.Scale);
        TrainingCondition[] fixedOnce = [.. fractions.Select(fraction => Condition(fraction, redrawn: false))];
        TrainingCondition[] redrawn = [.. fractions.Where(fraction => fraction > 0).Select(fraction => Condition(fraction, redrawn: true))];
        var runs = task.Train(context, "training", [.. fixedOnce, .. redrawn]);

        // Without noise there is nothing to replace once or at every step: these trainings serve both.
        ComplexityRun[] once = [.. runs.Take(fixedOnce.Length * context.Seeds.Length)];
        return new LabelNoiseRuns([.. once], [.. once.Where(run => run.Level == 0), .. runs.Skip(once.Length)])
        {
            Network = task.Network,
            Settings =
            [
                .. task.Described,
                new("label noise", $"a fraction of {string.Join(", ", fractions)} of the training labels drawn uniformly from all "
                    + "classes; both once and at every step", Origin.Chosen),
                ComplexityText.PlainSgd,
            ],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, LabelNoiseRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = $"{runs.Network} is trained while a part of the labels is drawn from all classes: once, before the first step, so "
            + "that they can be learned by heart; or anew at every step, so that they can’t. The paper says neither which it did nor "
                + "when it measured; here are all four readings.",
        Panels =
        [
            new Section(
                "Four readings of Figure 3",
                new SideBySide(
                    Reading("Once, at the best test accuracy", runs.Once, run => run.Best),
                    Reading("At every step, at the best test accuracy", runs.EveryStep, run => run.Best)),
                new SideBySide(
                    Reading("Once, at the end", runs.Once, run => run.End),
                    Reading("At every step, at the end", runs.EveryStep, run => run.End)),
                ComplexityText.Bars),
            new Section(
                "On the way",
                new SideBySide(Curves("Labels replaced once", runs.Once), Curves("Labels replaced at every step", runs.EveryStep)),
                ComplexityText.Curves),
        ],
        Settings = runs.Settings,
        Remarks = runs.Remarks,
        Tables = [.. ComplexityFigure.Tables(runs.Once, "once-"), .. ComplexityFigure.Tables(runs.EveryStep, "every-step-")],
    };

    /// <summary>The network and its data.</summary>
    private protected abstract ComplexityTask Task(ExperimentContext context);

    /// <summary>How many different trainings there are for each seed.</summary>
    private protected static int Count(ExperimentScale scale) => (2 * Fractions(scale).Length) - 1;

    private static double[] Fractions(ExperimentScale scale) => scale == ExperimentScale.Smoke ? [0, 0.4] : s_fractions;

    private static TrainingCondition Condition(double fraction, bool redrawn) =>
        new($"{100 * fraction:0} % noise", fraction,
            settings => settings with { LabelNoise = fraction > 0 ? new LabelNoise(fraction, redrawn) : null });

    private static Chart Reading(string title, ImmutableArray<ComplexityRun> runs, Func<ComplexityRun, ComplexityMeasurement> when) =>
        runs.Ends(title, new Axis("fraction of noisy labels"), new Axis("geometric complexity"), run => when(run).Complexity);

    private static Chart Curves(string title, ImmutableArray<ComplexityRun> runs) =>
        ComplexityFigure.Curves(
            title, new Axis("geometric complexity"), new ShadeScale("fraction of noisy labels"), runs,
            observation => observation.Complexity);
}
