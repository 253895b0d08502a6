using MathNet.Numerics.Statistics;
using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// The margin f(x)[y] − max_{j≠y} f(x)[j] of the logits over the data (Neyshabur et al. 2017, eq. 2 and §2.2). The
/// value is the 5th percentile, the papers' γ_margin with ε = 0.05; the hard margin is the minimum. Signed: an
/// example that is classified wrongly has a negative margin, and a capacity that divides by the square of a
/// negative one means nothing.
/// <para>Quantiles interpolate linearly between order statistics (R's type 7, numpy's default). Exact.</para>
/// </summary>
public sealed record Margin() : Measure(
    "margin", "Margin, 5th percentile", "Neyshabur et al. 2017, eq. 2",
    "$f_y(x) − max_{j≠y} f_j(x)$, the logit of the label over the largest other: 5th percentile over the data",
    MeasureNeeds.Data | MeasureNeeds.Labels, inDefaultSet: true)
{
    private const double Percentile = 0.05;

    /// <inheritdoc/>
    public override string Meaning =>
        "By how much the right class is ahead of the next at all but the hardest twentieth of the examples: below 0 where "
            + "some are wrong.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (context.Outputs < 2)
        {
            return Blank with { NotApplicable = "is defined for two outputs or more, and the network has 1" };
        }

        var answers = Answers.Of(context);
        var margins = Of(context);
        var correct = margins.Count(margin => margin > 0) / (double)margins.Length;
        var sorted = margins.Order().ToArray();
        double Quantile(double p) => Statistics.QuantileCustom(sorted, p, QuantileDefinition.R7);
        return Blank with
        {
            Value = Percentile5(context),
            Details =
            [
                new("minimum", sorted[0]), new("mean", margins.Mean()), new("median", Quantile(0.5)),
                new("p10", Quantile(0.1)), new("p95", Quantile(0.95)), new("maximum", sorted[^1]), new("accuracy", correct),
            ],
            PerExample = [.. margins],

            // Answers at several positions of one example are not independent of each other.
            QuantileOfExamples = answers.AreByPosition ? null : Percentile,
            Notes = sorted[0] > 0
                ? [.. answers.Notes]
                : [.. answers.Notes, $"{Numbers.Format(margins.LongCount(margin => !(margin > 0)))} of "
                    + $"{Numbers.Format(margins.LongLength)} {(answers.AreByPosition ? "answers" : "examples")} are not classified "
                    + "correctly: the hard margin is not positive, and capacities divided by its square mean nothing"],
        };
    }

    /// <summary>γ_margin, the 5th percentile, for measures that divide by it.</summary>
    internal static double Percentile5(MeasureContext context) => Statistics.QuantileCustom(Of(context), Percentile, QuantileDefinition.R7);

    /// <summary>The margin of every answer, computed once a run.</summary>
    internal static double[] Of(MeasureContext context) => context.Shared(default(Margins), () => All(context));

    private static double[] All(MeasureContext context)
    {
        var answers = Answers.Of(context);
        using var grad = Libtorch.NoGrad();
        return context.ByExample(
            "margins", batch => [[.. answers.Margins(batch.Function.Forward(batch.Inputs), batch.Indices)]])[0];
    }

    private readonly record struct Margins;
}
