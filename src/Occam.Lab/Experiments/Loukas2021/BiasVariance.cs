using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-3: Figure 3 of Loukas et al. 2021: the variance of the first bias over the last ten epochs for both tasks, and for the regression
/// its distance to initialization.
/// </summary>
internal sealed class BiasVariance() : BothTasksExperiment(
    "bth-3", "The bias varies more, and moves farther, when the target is more complex", "Figure 3")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<BothTasks>> JudgedClaims { get; } =
    [
        new("regression-variance", "Regression: the variance of the bias over the last ten epochs rises with complexity.",
            "§6, Figure 3a, Corollary 2", runs => Variance(runs.Regression)),
        new("regression-distance", "Regression: the distance of the bias to its initialization rises with complexity.",
            "§6, Figure 3b, Corollary 3", runs => Judge
                .Rises("distance to initialization over the last ten epochs", runs.Regression.Values(run => run.EndDistance))
                .IfFitted(runs.Regression)),
        new("classification-variance",
            "Classification: the variance of the bias over the last ten epochs rises with the corruption of the labels.", "§6, Figure 3c",
            runs => Variance(runs.Classification.Runs)),
    ];

    private protected override RichText Summary =>
        "How much the first bias varies over the last ten epochs of a training, and how far it has come from where it began.";

    private protected override ImmutableArray<Block> Panels(BothTasks runs) =>
    [
        new Section("Figure 3", new SideBySide(
            runs.Regression.Ends(
                "Variance, regression", new Axis("frequency ω"), new Axis("mean ‖b₁ − mean b₁‖²", Scale.Log), run => run.Variance,
                shaded: true),
            runs.Regression.Ends(
                "Distance, regression", new Axis("frequency ω"), new Axis("‖b₁ − b₁(0)‖"), run => run.EndDistance, shaded: true),
            runs.Classification.Runs.Ends(
                "Variance, classification", new Axis("redrawn labels"), new Axis("mean ‖b₁ − mean b₁‖²", Scale.Log),
                run => run.Variance, shaded: true)),
            new Prose("Bars are two standard errors of the mean over the seeds to each side.")),
    ];

    private static Finding Variance(IReadOnlyList<TrajectoryRun> runs) =>
        Judge.RisesByFactor("variance of the bias", runs.Values(run => run.Variance)).IfFitted(runs);
}
