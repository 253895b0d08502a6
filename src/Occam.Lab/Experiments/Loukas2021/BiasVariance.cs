using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-3: Figure 3 of Loukas et al. 2021: the variance of the first bias over the last ten epochs for both tasks, and for the regression
/// its distance to initialization.
/// </summary>
public sealed class BiasVariance() : Experiment(
    "bth-3",
    "The bias varies more, and moves farther, when the target is more complex",
    Papers.Loukas2021,
    "Figure 3",
    ImageTask.DataSets)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("Regression: the variance of the bias over the last ten epochs rises with complexity.", "§6, Figure 3a, Corollary 2"),
        new("Regression: the distance of the bias to its initialization rises with complexity.", "§6, Figure 3b, Corollary 3"),
        new("Classification: the variance of the bias over the last ten epochs rises with the corruption of the labels.", "§6, Figure 3c"),
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
            Summary = "Close to convergence a steep network keeps moving: the steps of its bias are as long as it is steep. With a "
                + "squared error it also ends farther from where it began.",
            Verdicts =
            [
                Judgement.Ordered(Claims[0], Trend.Rises, "variance of the bias", cosines.Values(run => run.Variance), context.Scale),
                Judgement.Ordered(
                    Claims[1], Trend.Rises, "distance to initialization", cosines.Values(run => run.Distance[^1]), context.Scale),
                Judgement.Ordered(Claims[2], Trend.Rises, "variance of the bias", images.Runs.Values(run => run.Variance), context.Scale),
            ],
            Panels =
            [
                new Section("Figure 3", new SideBySide(
                    cosines.Ends(
                        "Variance, regression", new Axis("frequency ω"), new Axis("mean ‖b₁ − mean b₁‖²", Scale.Log), run => run.Variance,
                        shaded: true),
                    cosines.Ends(
                        "Distance, regression", new Axis("frequency ω"), new Axis("‖b₁ − b₁(0)‖"), run => run.Distance[^1], shaded: true),
                    images.Runs.Ends(
                        "Variance, classification", new Axis("redrawn labels"), new Axis("mean ‖b₁ − mean b₁‖²", Scale.Log),
                        run => run.Variance, shaded: true)),
                    new Prose("Bars are two standard errors of the mean over the seeds to each side.")),
            ],
            Settings =
            [
                .. CosineTask.Described(context), .. images.Described,
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Remarks = [.. CosineTask.Remarks(context, cosines), .. images.Remarks],
            Tables = [TrajectoryFigure.EndTable("regression", cosines), TrajectoryFigure.EndTable("classification", images.Runs)],
        };
    }
}
