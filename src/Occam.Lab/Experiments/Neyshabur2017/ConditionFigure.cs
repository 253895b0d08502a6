using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// What Figures 5 to 8 of Neyshabur et al. 2017 have in common: the conditions of Theorem 1 on perceptrons of ten layers, at initialization
/// and trained.
/// </summary>
internal abstract class ConditionFigure(string id, string title, string figure)
    : Experiment<ConditionRuns>(id, title, Papers.Neyshabur2017, figure, "mnist")
{
    private const int ShownValues = 2_000;

    /// <inheritdoc/>
    public sealed override ExperimentSize Size(ExperimentScale scale) => DeepPerceptrons.Size(scale);

    /// <inheritdoc/>
    public sealed override ConditionRuns Compute(ExperimentContext context) => DeepPerceptrons.Run(context);

    /// <inheritdoc/>
    public sealed override ExperimentFigure Show(
        ExperimentContext context, ConditionRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = Summary,
            Remarks = [.. runs.Remarks, .. Remarks(runs)],
            Panels = [new Section(Figure, [.. Panels(runs)])],
            Settings = runs.Settings,
            Tables =
            [
                .. runs.Trainings,
                RawTable.Of(
                    "conditions",
                    "the constants of the conditions of Theorem 1, at initialization and trained",
                    runs.Runs.SelectMany(run => new[]
                    {
                        (run.Seed, Name: "initialization", Conditions: run.Initial), (run.Seed, Name: "trained", Conditions: run.Trained),
                    }),
                    ("seed", row => row.Seed),
                    ("network", row => row.Name),
                    ("one_over_mu", row => row.Conditions.ConditionNumber),
                    ("one_over_mu_as_printed", row => row.Conditions.StatedConditionNumber),
                    ("c2", row => row.Conditions.C2),
                    ("c2_from_delta_0.02", row => row.Conditions.CoarseC2),
                    ("c2_as_drawn", row => row.Conditions.DrawnC2),
                    ("c3", row => row.Conditions.C3),
                    ("mean_input_norm", row => row.Conditions.InputNorm)),
            ],
        };

    private protected abstract string Summary { get; }

    private protected abstract IEnumerable<Block> Panels(ConditionRuns runs);

    /// <summary>What a page says beside of its constants.</summary>
    private protected virtual IEnumerable<RichText> Remarks(ConditionRuns runs) => [];

    /// <summary>What a page with C₂ says of it.</summary>
    private protected static RichText OnC2(ConditionRuns runs) =>
        $"C₂ is inverse to the length of the inputs: 1 in Theorem 1, {Math.Round(runs.Runs.Average(run => run.Initial.InputNorm))} in the "
            + "mean as the network takes them. It is an extreme over units, layers and examples, and grows with their number.";

    /// <summary>How many of the values lie where.</summary>
    private protected static Chart Distribution(string title, string quantity, IEnumerable<double> values, double? bound, string boundName)
    {
        double[] sorted = [.. values.Order()];

        // Evenly spaced quantiles, both extremes among them, have the same distribution as far as a page shows it.
        var shown = sorted.Length <= ShownValues
            ? sorted
            : [.. Enumerable.Range(0, ShownValues).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (ShownValues - 1))])];
        return new Chart(title, new Axis(quantity), new Axis("count", Minimum: 0),
        [
            new Histogram(shown) { Bins = 20, Tone = Tone.Blue },
            .. bound is { } limit ? [new VerticalRule(limit, boundName)] : Array.Empty<Mark>(),
        ])
        {
            Caption = $"{CapacityFigure.Number(sorted.Length)} values"
                + (shown.Length < sorted.Length ? $", drawn as {CapacityFigure.Number(shown.Length)} of their quantiles" : "")
                + $", from {Numbers.Format(sorted[0])} to {Numbers.Format(sorted[^1])}.",
        };
    }

    /// <summary>The share of units near zero as the figure may have been drawn, a line for each layer: the mean of the networks.</summary>
    private protected static Chart DrawnNearZero(string title, IReadOnlyList<LayerConditions> networks, double largest) => NearZero(
        title, "Inputs as the network takes them; the mean over examples and networks.",
        [.. LayerConditions.DrawnDeltas.Where(delta => delta <= largest)],
        networks[0].DrawnNearZero.Length, (layer, i) => networks.Average(one => one.DrawnNearZero[layer][i]));

    /// <summary>The share of units near zero as the theorem has it, a line for each layer: the worst example of all networks.</summary>
    private protected static Chart NearZero(string title, IReadOnlyList<LayerConditions> networks) => NearZero(
        title, "Inputs of length 1; the worst of all examples and networks.", LayerConditions.UnitDeltas,
        networks[0].NearZero.Length, (layer, i) => networks.Max(one => one.NearZero[layer][i]));

    private static Chart NearZero(string title, string caption, ImmutableArray<double> deltas, int layers, Func<int, int, double> share)
    {
        var largest = deltas[^1];
        return new Chart(title, new Axis("size of the perturbation, δ"), new Axis("share of units within δ of flipping", Minimum: 0),
        [
            .. Enumerable.Range(0, layers).Select(layer => new Line(
                [0, .. deltas],
                [0, .. deltas.Select((_, i) => share(layer, i))])
            {
                Name = $"layer {layer + 1}",
                Shade = layer + 1,
            }),
            new Line(
                [0, Math.Min(largest, 1 / ConditionClaims.LargestC2)], [0, Math.Min(1, largest * ConditionClaims.LargestC2)])
            {
                Name = $"C₂ = {ConditionClaims.LargestC2}", Tone = Tone.Gray, Dashed = true,
            },
        ])
        {
            Caption = caption,
            Shade = new ShadeScale("layer"),
        };
    }
}
