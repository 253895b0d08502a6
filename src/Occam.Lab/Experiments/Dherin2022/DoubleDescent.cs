using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-5: Figure 5 of Dherin et al. 2022, test loss and geometric complexity over the width of a network, and one against
/// the other, with fits of degree six. Stated: ResNet-18 of growing width on CIFAR-10 as in Nakkiran et al. 2020, several
/// seeds. Chosen: widths 1 to 64, 15 % of the labels drawn again from all classes, once; measured at the end. <see cref="WidthTrainings"/>
/// says what stands in below the paper's scale.
/// </summary>
internal sealed class DoubleDescent() : ComplexityExperiment<ComplexityRuns>(
    "gc-5",
    "Geometric complexity descends twice as the test loss does",
    Papers.Dherin2022,
    "Figure 5",
    [.. MlpTask.DataSets, .. ResNetTask.DataSets])
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ComplexityRuns>> JudgedClaims => DoubleDescentClaims.All;

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => WidthTrainings.Size(scale);

    /// <inheritdoc/>
    public override ComplexityRuns Compute(ExperimentContext context)
    {
        var task = WidthTrainings.Task(context);
        return new ComplexityRuns(task.Train(context, "training", WidthTrainings.Conditions(context, task)))
        {
            Network = task.Network,
            Settings =
            [
                new("network", task.Network, context.Scale == ExperimentScale.Paper ? Origin.Stated : Origin.Run),
                new("widths", string.Join(", ", WidthTrainings.Widths(context.Scale)), Origin.Chosen),
                .. task.Described,
                new("label noise", $"{100 * WidthTrainings.Noise:0} % of the training labels drawn from all classes, once", Origin.Chosen),
                new("learning rate", task.Settings.Optimizer.LearningRate, Origin.Chosen),
                new("batch", (long)task.Settings.BatchSize!.Value, Origin.Chosen),
                new("measured", "at the end", Origin.Chosen),
                ComplexityText.PlainSgd,
                .. DoubleDescentClaims.Settings,
            ],
            Remarks = task.Remarks,
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ComplexityRuns trainings, IReadOnlyList<VerdictBlock> verdicts)
    {
        var runs = trainings.Runs;
        SeedGroup[] losses = runs.Values(run => run.End.TestLoss), complexities = runs.Values(run => run.End.Complexity);
        return new ExperimentFigure
        {
            Summary = $"{trainings.Network} learns images, {100 * WidthTrainings.Noise:0} % of which have a label drawn at random from all "
                + "classes, again and again with another width. Counted in parameters, complexity tells nothing beyond the width at "
                    + "which all labels can be learned by heart; the question is what the complexity of the learned function tells.",
            Panels =
            [
                new Section(
                    "Figure 5, left",
                    new SideBySide(
                        OverWidth("Test loss", "cross-entropy", runs, run => run.End.TestLoss),
                        OverWidth("Geometric complexity", "geometric complexity", runs, run => run.End.Complexity),
                        OverWidth("Training loss", "cross-entropy", runs, run => run.TrainingLoss)),
                    ComplexityText.Bars),
                new Section(
                    "Figure 5, right",
                    new SideBySide(
                        Against(
                            "All trainings", [.. runs.Select(run => run.End.Complexity)], [.. runs.Select(run => run.End.TestLoss)],
                            [.. runs.Select(run => run.Level)]),
                        Against(
                            "Means over the seeds", [.. complexities.Select(Mean)], [.. losses.Select(Mean)],
                            [.. losses.Select(group => group.Level)])),
                    new Prose("Broken lines are polynomials in the logarithm of the horizontal axis, by least squares: of degree six, or "
                        + "less where there are too few points.")),
            ],
            Settings = trainings.Settings,
            Remarks = trainings.Remarks,
            Tables = ComplexityFigure.Tables(runs),
        };
    }

    private static Chart OverWidth(string title, string axis, IReadOnlyList<ComplexityRun> runs, Func<ComplexityRun, double> quantity)
    {
        var chart = runs.Ends(title, new Axis("width", Scale.Log), new Axis(axis), quantity);
        return TrendCurve.Over([.. runs.Select(run => run.Level)], [.. runs.Select(quantity)]) is { } trend
            ? chart with { Marks = [.. chart.Marks, trend] }
            : chart;
    }

    private static Chart Against(string title, double[] complexities, double[] losses, double[] widths) =>
        new(title, new Axis("geometric complexity", Scale.Log), new Axis("test loss"),
        [
            new Dots(complexities, losses) { Name = "networks", Shades = widths },
            .. TrendCurve.Over(complexities, losses) is { } trend ? [trend] : Array.Empty<Mark>(),
        ])
        {
            Shade = new ShadeScale("width", Scale.Log),
        };

    private static double Mean(SeedGroup group) => group.Finite.Values.DefaultIfEmpty(double.NaN).Average();
}
