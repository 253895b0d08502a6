using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-2-regression: Figure 2a–c of Loukas et al. 2021. Task 1 (<see cref="CosineTask"/>) for four frequencies: training
/// loss, normalized length of the bias' trajectory by epoch, test loss; and on the same trainings Theorem 1 and
/// Corollaries 2 and 3, both sides of each.
/// <para>
/// With the identity as first weights, as the figure has them, both bounds of Theorem 1 are the same number. So the theorem
/// is also held against trainings with random first weights, for which both bounds are strict; and so is what the paper suggests
/// for data on a subspace (§4.1): these lie on a plane of R¹⁰.
/// </para>
/// </summary>
internal sealed class RegressionTrajectories() : Experiment<CosineRuns>(
    "bth-2-regression",
    "The more complex the target, the longer the trajectory of the first bias",
    Papers.Loukas2021,
    "Figure 2a–c")
{
    private const int RandomEpochs = 300;
    private const int SmokeRandomEpochs = 20;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<CosineRuns>> JudgedClaims { get; } =
    [
        new("slower", "Training slows down as the target’s frequency grows.", "§6, Figure 2a", runs => TrainingFit.Slower(runs.Figure)),
        new("longer", "The bias’ trajectory per epoch is longer when the target is more complex.", "§6, Figure 2b",
            runs => TrajectoryJudges.LongerAtEnd(runs.Figure)),
        new("with-test-loss", "Longer trajectories come with a worse loss on test data.", "§6, Figure 2c",
            runs => TrajectoryJudges.WithTestLoss(runs.Figure)),
        new("theorem-1", "The trajectory’s length is between the bounds of Theorem 1, whatever the first weights are.",
            "Theorem 1, Lemma 1", runs => TheoremJudges.Theorem1([.. runs.Figure, .. runs.RandomFirst])),
        new("theorem-1-on-a-plane",
            "Where the data lie on a plane, the smallest ‖W₁x‖ over its unit vectors may stand in for σₙ in the upper bound.",
            "§4.1, “Dependence on the singular values of W₁”", runs => TheoremJudges.Span(runs.RandomFirst)),
        new("corollary-2", "The variance of the bias is at least what Corollary 2 says.", "Corollary 2, eq. 1",
            runs => TheoremJudges.Corollary2([.. runs.Figure, .. runs.RandomFirst])),
        new("corollary-3", "The bias moves from its initialization by at most what Corollary 3 says.", "Corollary 3",
            runs => TheoremJudges.Corollary3([.. runs.Figure, .. runs.RandomFirst])),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => CosineTrainings.Size(scale);

    /// <inheritdoc/>
    public override CosineRuns Compute(ExperimentContext context) => new(
        CosineTrainings.Run(context),
        CosineTrainings.Train(
            context, "random first weights: training", CosineTask.RandomFirst,
            seed => CosineTask.Settings(seed, Epochs(context.Scale))));

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, CosineRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = RichText.Html(
            $"Networks of the same shape learn {CosineTask.Points} points of cos(2πω<var>z</var>₁) cos(2πω<var>z</var>₂). Every step ",
            $"moves the first layer’s bias; divided by the learning rate and by how much the loss cared, the length of that ",
            $"step is the slope of the learned function at the example. So the length of the bias’ way through an ",
            $"epoch tells, for nothing, how steep the function has become at the data."),
        Panels =
        [
            new Section(
                "Figure 2, top row",
                new SideBySide(
                    CosineFigure.TrainingLoss(runs.Figure),
                    TrajectoryFigure.Panel(
                        "Bias trajectory per epoch", "epoch", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), "frequency ω", runs.Figure,
                        run => run.FirstLengths, CosineTask.Points),
                    CosineFigure.TestLoss(runs.Figure)),
                TrajectoryFigure.Lines),
            new Section(
                "Length against test loss",
                TrajectoryFigure.Against(
                    "A dot a training, at the end", new Axis("bias trajectory per epoch"), new Axis("½(f − y)², test", Scale.Log),
                    "frequency ω", runs.Figure, run => run.EndLength, run => run.EndTestLoss)),
        ],
        Settings =
        [
            .. CosineTask.Described(context),
            new("first weights, for Theorem 1",
                $"besides the identity also uniform in ±1/√10, kept as they are, for {Epochs(context.Scale)} epochs", Origin.Chosen),
            TrainingFit.Setting,
            new("seeds", string.Join(", ", context.Seeds), Origin.Run),
        ],
        Tables =
        [
            TrajectoryFigure.Table("epochs", runs.Figure),
            TrajectoryFigure.EndTable("trainings", runs.Figure),
            TrajectoryFigure.BoundTable("bounds", [.. runs.Figure, .. runs.RandomFirst]),
        ],
    };

    private static int Epochs(ExperimentScale scale) => scale == ExperimentScale.Smoke ? SmokeRandomEpochs : RandomEpochs;
}
