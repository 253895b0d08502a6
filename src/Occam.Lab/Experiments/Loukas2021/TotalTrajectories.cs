using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-7: Figure 7 of Loukas et al. 2021 (App. A.4), the length of the whole normalized trajectory of the first bias, for both tasks.
/// </summary>
public sealed class TotalTrajectories() : Experiment(
    "bth-7",
    "The whole trajectory’s length is ordered by complexity",
    Papers.Loukas2021,
    "Figure 7",
    ImageTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("Regression: the length of the trajectory from the beginning grows with the complexity of the target.", "App. A.4, Figure 7"),
        new("Classification: it grows with the corruption of the labels.", "App. A.4, Figure 7"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => ImageTrainings.WithCosines(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var (cosines, images) = (CosineTrainings.Run(context), ImageTrainings.Run(context));
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = RichText.Html(
                $"The sum, from initialization on, of the normalized steps of the first bias: how far the network had to go to become ",
                $"the function it is."),
            Verdicts =
            [
                Judgement.Ordered(
                    Claims[0], Trend.Rises, "length of the whole trajectory", cosines.Values(run => run.TotalLengths[^1]), context.Scale),
                Judgement.Ordered(
                    Claims[1], Trend.Rises, "length of the whole trajectory", images.Runs.Values(run => run.TotalLengths[^1]),
                    context.Scale),
            ],
            Panels =
            [
                new Section("Figure 7", new SideBySide(
                    TrajectoryFigure.Panel(
                        "Regression (Task 1)", "epoch", new Axis("length so far"), "frequency ω", cosines, run => run.TotalLengths,
                        CosineTask.Points),
                    TrajectoryFigure.Panel(
                        "Classification (Task 2)", "epoch", new Axis("length so far"), "corruption", images.Runs, run => run.TotalLengths,
                        images.Images))),
            ],
            Settings =
            [
                .. CosineTask.Described(context), .. images.Described,
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Remarks = [.. CosineTask.Remarks(context, cosines), .. images.Remarks],
            Tables = [TrajectoryFigure.Table("regression", cosines), TrajectoryFigure.Table("classification", images.Runs)],
        };
    }
}
