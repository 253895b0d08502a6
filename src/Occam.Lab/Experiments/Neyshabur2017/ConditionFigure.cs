using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// What Figures 5 to 8 of Neyshabur et al. 2017 have in common: the conditions of Theorem 1 on perceptrons of ten layers, at initialization
/// and trained.
/// </summary>
public abstract class ConditionFigure(string id, string title, string figure) : Experiment(id, title, Papers.Neyshabur2017, figure, "mnist")
{
    /// <summary>The paper's bound on 1/μ (§4).</summary>
    protected const double LargestConditionNumber = 4;

    /// <summary>The paper's bound on C₂.</summary>
    protected const double LargestC2 = 5;

    /// <summary>The paper's bound on C₃.</summary>
    protected const double LargestC3 = 3;

    // "Very similar", of which the paper gives no number.
    private const double Similar = 2;
    private const int ShownValues = 2_000;

    /// <inheritdoc/>
    public sealed override ExperimentSize Size(ExperimentScale scale) => DeepPerceptrons.Size(scale);

    /// <inheritdoc/>
    public sealed override ExperimentOutcome Run(ExperimentContext context)
    {
        var perceptrons = DeepPerceptrons.Run(context);
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = Summary,
            Remarks = [.. perceptrons.Remarks],
            Verdicts = [.. Verdicts(perceptrons.Pairs, context.Scale)],
            Panels = [new Section(Figure, [.. Panels(perceptrons.Pairs)])],
            Settings = [.. perceptrons.Described(context)],
            Tables = [.. perceptrons.Tables],
        };
    }

    private protected abstract string Summary { get; }

    private protected abstract IEnumerable<VerdictBlock> Verdicts(ImmutableArray<DeepPerceptrons.Pair> pairs, ExperimentScale scale);

    private protected abstract IEnumerable<Block> Panels(ImmutableArray<DeepPerceptrons.Pair> pairs);

    /// <summary>Judges that a constant is within the paper's bound in every network.</summary>
    private protected static VerdictBlock Within(
        Claim claim, string name, double bound, IReadOnlyList<LayerConditions> conditions, Func<LayerConditions, double> constant,
        int seeds, ExperimentScale scale) =>
        Judgement.Holds(
            claim,
            conditions.All(one => constant(one) <= bound),
            $"In {conditions.Count(one => constant(one) <= bound)} of {conditions.Count} networks {name} is "
                + $"{bound} at most; the largest is {Numbers.Format(conditions.Max(constant))}",
            seeds,
            scale,
            [.. conditions.Select((one, i) => new Fact($"{name}, network {i + 1}", constant(one)))]);

    /// <summary>Judges that a constant of the trained networks is near that at their initialization.</summary>
    private protected static VerdictBlock Near(
        Claim claim, string name, ImmutableArray<DeepPerceptrons.Pair> pairs, Func<LayerConditions, double> constant, ExperimentScale scale)
    {
        double[] factors = [.. pairs.Select(pair => constant(pair.Final) / constant(pair.Initial))];
        return Judgement.Holds(
            claim,
            factors.All(factor => factor is <= Similar and >= 1 / Similar),
            $"Training changes {name} by factors of {Numbers.Format(factors.Min())} to {Numbers.Format(factors.Max())}; up to "
                + $"{Similar} counts as similar, which is this project’s choice",
            pairs.Length,
            scale,
            [.. pairs.Select((pair, i) => new Fact(
                $"{name}, seed {pair.Trained.Seed}: at initialization, trained",
                $"{Numbers.Format(constant(pair.Initial))}, {Numbers.Format(constant(pair.Final))}"))]);
    }

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

    /// <summary>The share of units near zero by the size of a perturbation, a line for each layer: the mean of the networks.</summary>
    private protected static Chart NearZero(string title, IReadOnlyList<LayerConditions> conditions, double largest)
    {
        var shown = LayerConditions.Deltas.Count(delta => delta <= largest);
        double[] deltas = [0, .. LayerConditions.Deltas.Take(shown)];
        return new Chart(title, new Axis("size of the perturbation, δ"), new Axis("share of units within δ of flipping", Minimum: 0),
        [
            .. Enumerable.Range(0, conditions[0].NearZero.Length).Select(layer => new Line(
                deltas,
                [0, .. Enumerable.Range(0, shown).Select(i => conditions.Average(one => one.NearZero[layer][i]))])
            {
                Name = $"layer {layer + 1}",
                Shade = layer + 1,
            }),
            new Line([0, Math.Min(largest, 1 / LargestC2)], [0, Math.Min(1, largest * LargestC2)])
            {
                Name = $"C₂ = {LargestC2}", Tone = Tone.Gray, Dashed = true,
            },
        ])
        {
            Shade = new ShadeScale("layer"),
        };
    }
}
