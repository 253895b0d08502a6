using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-10: Figure 10 of Loukas et al. 2021 (App. A.7), Task 1 with the first weights trained too, and the trajectories of all layers'
/// biases. The sub-networks above them have slopes of their own.
/// <para>
/// Of the last layer nothing is judged: ∂f/∂b_5 = 1, so that its trajectory is as long as the window has steps, whatever was learned. That
/// is drawn, as in the paper. Chosen: the first weights begin as the identity.
/// </para>
/// </summary>
internal sealed class DeeperBiases() : Experiment<ImmutableArray<TrajectoryRun>>(
    "bth-10",
    "Lower layers’ biases follow the target’s complexity, the last layers’ do not",
    Papers.Loukas2021,
    "Figure 10")
{
    private const int Complex = 3;
    private const double NoChange = 0.1;
    private const double LeastFall = 5;
    private const double MostFall = 20;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<TrajectoryRun>>> JudgedClaims { get; } =
    [
        .. Enumerable.Range(0, Complex).Select(layer => new Claim<ImmutableArray<TrajectoryRun>>(
            $"layer-{layer + 1}", $"The trajectory of the bias of layer {layer + 1} is longer when the target is more complex.",
            "App. A.7, Figure 10",
            runs => Judge.Rises(Length(layer), runs.Values(run => run.EndLengthOf(layer))).IfFitted(runs))),
        new("layer-4", "The trajectory of the bias of layer 4 does not follow complexity, either way.", "App. A.7, Figure 10",
            runs => StaysTheSame(Complex, runs).IfFitted(runs)),
        new("falls-by-ten", "From layer to layer the length falls by almost an order of magnitude.", "App. A.7",
            runs => Judge.All(
            [
                .. from layer in Enumerable.Range(0, runs[0].Layers - 1)
                   from level in runs.ByLevel()
                   select ($"from layer {layer + 1} to {layer + 2} at {level.First().Group}", FallsByTen(layer, [.. level])),
            ]).IfFitted(runs)),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => CosineTrainings.Size(scale);

    /// <inheritdoc/>
    public override ImmutableArray<TrajectoryRun> Compute(ExperimentContext context) => CosineTrainings.Train(
        context, "training", CosineTask.Network, seed => CosineTask.Settings(seed, CosineTask.EpochsOf(context)) with { Frozen = [] });

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<TrajectoryRun> runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = RichText.Html(
            $"The way of the bias of layer <var>l</var> measures the slope of the layers above it. Above the last one there are none: ",
            $"its way is as long as an epoch has steps, by definition, and no verdict follows from it."),
            Panels =
        [
            new Section(
                "Figure 10",
                [
                    new SideBySide(CosineFigure.TrainingLoss(runs), CosineFigure.TestLoss(runs)),
                    .. Enumerable.Range(0, runs[0].Layers).Chunk(3)
                        .Select(row => new SideBySide([.. row.Select(layer => Panel(layer, runs))])),
                    TrajectoryFigure.Lines,
                ]),
        ],
            Settings =
        [
            .. CosineTask.Described(context), new("first weights", "begin as the identity and are trained", Origin.Chosen),
            new("almost an order of magnitude", $"a factor from {LeastFall} to {MostFall}, ten by two either way", Origin.Chosen),
            TrainingFit.Setting, new("seeds", string.Join(", ", context.Seeds), Origin.Run),
        ],
            Tables =
        [
            TrajectoryFigure.EndTable("trainings", runs),
            RawTable.Of(
                "layers",
                "normalized trajectory length of each layer’s bias in each training: mean of an epoch over the last tenth, and over all",
                from run in runs from layer in Enumerable.Range(0, run.Layers) select (Run: run, Layer: layer),
                ("frequency", row => row.Run.Level),
                ("seed", row => row.Run.Seed),
                ("layer", row => row.Layer + 1),
                ("length_at_the_end", row => row.Run.EndLengthOf(row.Layer)),
                ("length", row => row.Run.LengthsOf(row.Layer).Average())),
        ],
        };

    private static string Length(int layer) => $"trajectory length per epoch of layer {layer + 1} at the end";

    // At every frequency as at the first: lengths that rise and fall again would have no trend.
    private static Finding StaysTheSame(int layer, ImmutableArray<TrajectoryRun> runs)
    {
        SeedGroup[] levels = runs.Values(run => run.EndLengthOf(layer));
        var margin = NoChange * runs.Average(run => run.EndLengthOf(layer));
        return Judge.All([.. levels.Skip(1).Select(level => (
            level.Name, Judge.DoesNotChange(Length(layer), [levels[0], level], margin, "a tenth of the mean of all trainings")))]);
    }

    private static Finding FallsByTen(int layer, ImmutableArray<TrajectoryRun> runs) => Judge.IsFactorBetween(
        "factor by which the length falls",
        [.. runs.Select(run => run.EndLengthOf(layer) / run.EndLengthOf(layer + 1))],
        LeastFall,
        MostFall,
        "almost an order of magnitude");

    private static Chart Panel(int layer, IReadOnlyList<TrajectoryRun> runs) => TrajectoryFigure.Panel(
        $"Bias of layer {layer + 1}, per epoch", "epoch", new Axis("Σ ‖b(t+1) − b(t)‖ / (α ε)"), "frequency ω", runs,
        run => run.LengthsOf(layer), CosineTask.Points);
}
