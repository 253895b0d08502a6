using Occam.Measures;
using Occam.Measures.Features;
using Occam.Measures.Slope;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Munn2023;

/// <summary>
/// Munn, Dherin and Gonzalvo 2023 ("A margin-based multiclass generalization bound via geometric complexity", PMLR 221), Theorem 1.1, and
/// Theorem 4.2 of one output: with probability 1 − δ over m training examples, P[wrong] ≤ R̂_γ(f) + 36 C √(kπ)/(γm) + 3√(ln(2/δ)/(2m)),
/// of one output with 12 C √π/(γm), for all γ > 0 and all f with GC(f, μ) ≤ a_1 and ‖E f‖ ≤ a_2; C = a_2 + √(a_1 ρ/δ), R̂_γ
/// the share of training examples with a margin of at most γ, and ρ a Poincaré constant of the inputs' distribution μ.
/// <para>
/// Unproved here, and not true of all such f: the proof takes what Chebyshev's inequality says of one function at one point for all
/// functions at all points (Lemma 4.1). A sum of narrow bumps at the training examples has a small complexity and any training labels, and
/// in more than two dimensions both stay as the bumps get narrower, while the right side falls with m.
/// </para>
/// <para>
/// a_1 and a_2 are the complexity and the length of the mean logits on the training examples, or on the unseen ones where larger: the
/// theorem fixes them before the data are seen. ρ is the largest eigenvalue of the inputs' covariance, the least that it can be, and that
/// of a Gaussian distribution. So the right side is the least that the theorem could give. γ is that of the least right side, just below
/// the margin of an example.
/// </para>
/// </summary>
public sealed class Munn2023Theorem1() : Theorem(
    "munn-margin",
    "Margin bound by geometric complexity",
    "Munn, Dherin and Gonzalvo 2023, Theorem 1.1",
    "P[wrong] ≤ R̂_γ(f) + 36 (a_2 + √(a_1 ρ/δ)) √(kπ)/(γm) + 3√(ln(2/δ)/(2m)), GC ≤ a_1, ‖E f‖ ≤ a_2",
    TheoremNeeds.Derivative)
{
    private const string Name = "test error ≤ margin bound by geometric complexity";

    // How many standard errors of the test error count as equality.
    private const int Errors = 3;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var k = context.Measures.Outputs;
        if (context.Data.Labels is not { } labels || labels.Any(label => label >= Math.Max(2, k)))
        {
            return Blank with { NotApplicable = "needs class labels that the outputs are for" };
        }

        var (margins, mean, complexity) = On(context.Measures);
        if (InputSpread.Of(context.Measures, new int[labels.Length], 1).Largest is not [var poincare])
        {
            return Blank with { NotApplicable = "the inputs have too many numbers for their covariance" };
        }

        var unseen = context.Test?.Labels is null ? null : context.MeasuresOn(context.Test);
        var tested = unseen is null ? ((double[] Margins, double Mean, double Complexity)?)null : On(unseen);
        var (a1, a2) = (Math.Max(complexity, tested?.Complexity ?? 0), Math.Max(mean, tested?.Mean ?? 0));
        var C = a2 + Math.Sqrt(a1 * poincare / context.Options.Delta);
        var m = labels.Length;
        var factor = k == 1 ? 12 * Math.Sqrt(Math.PI) : 36 * Math.Sqrt(k * Math.PI);
        var confidence = 3 * Math.Sqrt(Math.Log(2 / context.Options.Delta) / (2 * m));
        double[] sorted = [.. margins.Order()];
        var choices = sorted.Index().Where(each => each.Item > 0)
            .Select(each => (
                Margin: each.Item, Share: sorted.Count(margin => margin < each.Item) / (double)m, Spread: factor * C / (each.Item * m)))
            .ToArray();
        if (choices.Length == 0)
        {
            return Blank with { NotApplicable = "needs a positive margin, and no training example is classified rightly" };
        }

        var best = choices.MinBy(choice => choice.Share + choice.Spread);
        var right = best.Share + best.Spread + confidence;
        return Blank with
        {
            Inequalities = [Compared(tested?.Margins, right).AsSuggested()],
            Hypotheses =
            [
                new("the inputs have a Poincaré constant of λ_max(Σ)", null, "not decided by examples: it is at least that"),
                new("a_1 and a_2 are fixed before the data are seen", false, "they are those that were measured"),
            ],
            Details =
            [
                new("bound", right), new("margin", best.Margin), new("error.margin", best.Share), new("complexityTerm", best.Spread),
                new("confidenceTerm", confidence), new("complexity", a1), new("meanLogits", a2), new("poincare.covariance", poincare),
            ],
            Notes = ["not true of all functions of that complexity (narrow bumps at the training examples): the paper’s proof has a gap"],
        };
    }

    private static Inequality Compared(double[]? margins, double right)
    {
        if (margins is null)
        {
            return Inequality.NotApplicable(Name, "needs labelled examples that the training hasn't seen");
        }

        var error = margins.Count(margin => margin <= 0) / (double)margins.Length;
        var spread = Math.Sqrt(error * (1 - error) / margins.Length);
        return Inequality.AtMost(
            Name, error, right, (Errors * spread / right) + 1e-9, right >= 1 ? "the bound is 1 or more, and no error is" : null);
    }

    // The margins, ‖mean f(x)‖ and the geometric complexity on some examples.
    private static (double[] Margins, double Mean, double Complexity) On(MeasureContext context)
    {
        List<double> margins = [];
        var sum = new double[context.Outputs];
        using (Libtorch.NoGrad())
        {
            foreach (var batch in context.Batches())
            {
                var logits = batch.Function.Forward(batch.Inputs).To(ScalarType.Float64);
                margins.AddRange(RampLoss.Margins(logits, [.. batch.Indices.Select(i => context.Data!.Labels![i])]).ToArray<double>());
                sum = [.. sum.Zip(logits.Sum([0]).ToArray<double>(), (a, b) => a + b)];
            }
        }

        return (
            [.. margins], Math.Sqrt(sum.Sum(each => each * each)) / context.Data!.Count,
            GeometricComplexity.SquaredNorms(context).Mean.Value);
    }
}
