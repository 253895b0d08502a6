using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-10: Figure 10 of Loukas et al. 2021 (App. A.7), Task 1 with the first weights trained too, and the trajectories of all layers'
/// biases. The sub-networks above them have slopes of their own.
/// </summary>
public sealed class DeeperBiases() : Experiment(
    "bth-10",
    "Lower layers’ biases follow the target’s complexity, the last layers’ do not",
    Papers.Loukas2021,
    "Figure 10")
{
    private const int Complex = 3;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        .. Enumerable.Range(1, Complex).Select(layer => new Claim(
            $"The trajectory of the bias of layer {layer} is longer when the target is more complex.", "App. A.7, Figure 10")),
        new("The trajectory of the bias of layer 4 does not follow complexity.", "App. A.7, Figure 10"),
        new("The trajectory of the bias of layer 5 does not follow complexity.", "App. A.7, Figure 10"),
        new("From layer to layer the length falls by about ten.", "App. A.7"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => CosineTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var epochs = CosineTask.EpochsOf(context);
        (double Frequency, int Seed)[] all =
            [.. from frequency in CosineTask.Frequencies from seed in context.Seeds select (frequency, seed)];
        var runs = context.Replicate("training", all, (item, replica) =>
        {
            var (training, test) = CosineTask.Data(item.Frequency, item.Seed, inputScale: context.Value(CosineTask.InputScale));
            var settings = CosineTask.Settings(item.Seed, epochs) with { Frozen = [] };
            return TrajectoryRun.Train(
                $"ω = {item.Frequency}", item.Frequency, item.Seed, CosineTask.Network(item.Seed, 32, 32, 32), training, test, settings,
                replica);
        });
        var layers = runs[0].Layers.Length;
        double Mean(TrajectoryRun run, int layer) => run.Lengths.Average(window => window[layer]);
        SeedGroup[] ByComplexity(int layer) => runs.Values(run => Mean(run, layer));
        double[] falls = [.. Enumerable.Range(0, layers - 1).Select(layer => Math.Exp(
            runs.Where(run => Mean(run, layer + 1) > 0).Average(run => Math.Log(Mean(run, layer) / Mean(run, layer + 1)))))];
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = RichText.Html(
                $"The way of the bias of layer <var>l</var> measures the slope of the layers above it. From one layer to the next ",
                $"it falls by {string.Join(", ", falls.Select(fall => Numbers.Format(fall, 2)))}: the first layers do the work."),
            Verdicts =
            [
                .. Enumerable.Range(0, Complex).Select(layer => Judgement.Ordered(
                    Claims[layer], Trend.Rises, $"trajectory length per epoch of layer {layer + 1}", ByComplexity(layer), context.Scale)),
                .. Enumerable.Range(Complex, layers - Complex).Select(layer => Judgement.Ordered(
                    Claims[layer], Trend.DoesNotRise, $"trajectory length per epoch of layer {layer + 1}", ByComplexity(layer),
                    context.Scale)),
                Judgement.Holds(
                    Claims[^1],
                    falls.All(fall => fall is > 3 and < 30),
                    $"From layer to layer it falls by {string.Join(", ", falls.Select(fall => Numbers.Format(fall, 3)))}",
                    context.Seeds.Length,
                    context.Scale,
                    new Fact("counts as about ten", "from 3 to 30")),
            ],
            Panels =
            [
                new Section(
                    "Figure 10",
                    [
                    new SideBySide(
                        TrajectoryFigure.Panel(
                            "Training loss", "epoch", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TrainingLoss,
                            CosineTask.Points),
                        TrajectoryFigure.Panel(
                            "Test loss", "epoch", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TestLoss,
                            CosineTask.Points)),
                    .. Enumerable.Range(0, layers).Chunk(3).Select(row => new SideBySide([.. row.Select(layer => TrajectoryFigure.Panel(
                        $"Bias of layer {layer + 1}, per epoch", "epoch", new Axis("Σ ‖b(t+1) − b(t)‖ / (α ε)"), "frequency ω", runs,
                        run => [.. run.Lengths.Select(window => window[layer])], CosineTask.Points))])),
                    ]),
            ],
            Settings =
            [
                .. CosineTask.Described(context), new("first weights", "begin as the identity and are trained", Origin.Stated),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Remarks = CosineTask.Remarks(context, runs),
            Tables =
            [
                RawTable.Of(
                    "layers",
                    "mean normalized trajectory length per epoch of each layer’s bias in each training",
                    from run in runs from layer in Enumerable.Range(0, layers) select (Run: run, Layer: layer),
                    ("frequency", row => row.Run.Level),
                    ("seed", row => row.Run.Seed),
                    ("layer", row => row.Layer + 1),
                    ("length", row => Mean(row.Run, row.Layer))),
            ],
        };
    }
}
