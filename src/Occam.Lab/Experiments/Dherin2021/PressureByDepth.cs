using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks.Builders;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// gor-open-depth: an open question of Dherin et al. 2021, §5. In Theorem 1 every layer adds a positive term to the factor that carries the
/// pressure over to the Dirichlet energy, which "suggests that the pressure on the model geometric complexity may increase with the neural
/// network depth". Perceptrons of growing depth are trained to the same training loss; <see cref="TransferTask"/> says what was chosen.
/// </summary>
internal sealed class PressureByDepth() : Experiment<ImmutableArray<TransferRun>>(
    "gor-open-depth",
    "The pressure on the Dirichlet energy increases with depth",
    Papers.Dherin2021,
    "§5, an open question",
    TransferTask.DataSets)
{
    private const string Source = "§5, regularization through the number of layers, an open question";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<TransferRun>>> JudgedClaims { get; } =
    [
        new("factor-rises", "The factor of Theorem 1, a sum over the layers, rises with depth.", Source,
            runs => Judge.RisesByFactor("factor", runs.Values(run => Factor(run.End))).IfFitted(Losses(runs))),
        new("ratio-rises", "The parameter gradients’ size over the input gradients’, which the factor bounds from below, rises with depth.",
            Source,
            runs => Judge.RisesByFactor("ratio", runs.Values(run => Ratio(run.End))).IfFitted(Losses(runs))),
        new("energy-falls", "At the same training loss the Dirichlet energy falls with depth.", Source,
            runs => Judge.FallsByFactor("Dirichlet energy", runs.Values(run => run.End.Complexity / 2)).IfFitted(Losses(runs))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var task = Task(scale);
        return new ExperimentSize(
            $"{string.Join(", ", Depths(scale))} hidden layers of {task.Width}, {task.Images:N0} images",
            scale == ExperimentScale.Smoke ? 2 : 3,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(5),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromHours(3),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<TransferRun> Compute(ExperimentContext context) =>
        Task(context.Scale).Train(context, Depths(context.Scale));

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<TransferRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var axis = new Axis("hidden layers", Scale.Log);
        return new ExperimentFigure
        {
            Summary = "The paper asks whether more layers press harder: each adds a term to the factor of its Theorem 1, which says how "
                + "much of a pressure on parameter gradients is one on input gradients. Perceptrons of growing depth are trained to the "
                + "same training loss, and the factor, what it bounds and the energy are measured there.",
            Panels =
            [
                new Section(
                    "By depth, at the same training loss",
                    new SideBySide(
                        runs.Ends("Factor of Theorem 1", axis, new Axis("Σ T_i²", Scale.Log), run => Factor(run.End)),
                        runs.Ends("Measured ratio", axis, new Axis("‖∇_θ f‖² ÷ ‖∇_x f‖²", Scale.Log), run => Ratio(run.End)),
                        runs.Ends("Dirichlet energy", axis, new Axis("½ mean ‖∇_x f‖²", Scale.Log), run => run.End.Complexity / 2)),
                    ComplexityText.Bars),
                new Section(
                    "Before training",
                    new SideBySide(
                        runs.Ends("Factor of Theorem 1", axis, new Axis("Σ T_i²", Scale.Log), run => Factor(run.Start)),
                        runs.Ends("Measured ratio", axis, new Axis("‖∇_θ f‖² ÷ ‖∇_x f‖²", Scale.Log), run => Ratio(run.Start)))),
            ],
            Settings =
            [
                .. Task(context.Scale).Settings(context),
                new("hidden layers", string.Join(", ", Depths(context.Scale)), Origin.Chosen),
                new("of several outputs", "Frobenius norms in place of the paper’s norms of a single output", Origin.Chosen),
            ],
            Tables = TransferTables.Of(runs),
        };
    }

    private static TransferTask Task(ExperimentScale scale) => TransferTask.At(scale, InitializationScheme.He);

    private static int[] Depths(ExperimentScale scale) => scale == ExperimentScale.Smoke ? [1, 2] : [1, 2, 4, 8];

    // Σ T_i² of the second paper: the first's Σ (1 + ‖h_i‖²)/A_i² over min(d, k), which is the same at every depth.
    private static double Factor(TransferPoint point) => point.Transfer;

    private static double Ratio(TransferPoint point) => point.ParameterGradient / point.Complexity;

    private static IEnumerable<double> Losses(ImmutableArray<TransferRun> runs) => runs.Select(run => run.TrainingLoss);
}
