using System.Collections.Immutable;
using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// The inequality of Lemmas 1 and 5 of Loukas et al. 2021 at every training example:
/// σ_n ‖∂f/∂b_1‖ ≤ λ ≤ σ_1 ‖∂f/∂b_1‖, where ‖∂f/∂b_1‖ is the normalized step ‖b_1' − b_1‖/(α ε) of plain SGD on that
/// example. σ_n is the smallest ‖W_1ᵀv‖ over unit v in R^{n_1}, which is 0 with more units than inputs, though the paper's
/// index hides it. Reported for the example that comes closest to each bound. With W_1 = I all sides are equal.
/// </summary>
public abstract class Loukas2021Lemma(string id, string title, string source, TheoremNeeds needs)
    : Theorem(id, title, source, "σ_n ‖∂f/∂b₁‖ ≤ λ(x) ≤ σ₁ ‖∂f/∂b₁‖ at every training example", needs)
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var found = FirstLayerGradients.Of(context);
        var (layer, count) = (found.Layer, found.Lipschitz.Length);
        Inequality Closest(string name, Func<int, double> left, Func<int, double> right)
        {
            // Where both sides are 0 there is nothing to compare: a dead example.
            var at = Enumerable.Range(0, count).MaxBy(i => right(i) > 0 || left(i) > 0 ? left(i) / right(i) : 0);
            return Inequality.AtMost($"{name} (example {at})", left(at), right(at));
        }

        var vacuous = FirstLayerBounds.Vacuous(layer);
        List<Inequality> inequalities =
        [
            Closest("λ ≤ σ₁ ‖∂f/∂b₁‖", i => found.Lipschitz[i], i => layer.Largest * found.BiasSteps[i]),
            vacuous is null
                ? Closest("σ_n ‖∂f/∂b₁‖ ≤ λ", i => layer.Smallest * found.BiasSteps[i], i => found.Lipschitz[i])
                : Inequality.AtMost("σ_n ‖∂f/∂b₁‖ ≤ λ, σ_n = 0", 0, found.Lipschitz.Min(), vacuous: vacuous),
        ];
        if (layer is { Largest: 1, Smallest: 1 })
        {
            inequalities.Add(Inequality.Equal("Σ λ = Σ ‖∂f/∂b₁‖ (W₁ keeps lengths)", found.Lipschitz.Sum(), found.BiasSteps.Sum())
                .AsArithmetic());
        }

        List<KeyValuePair<string, double>> details =
            [new("examples", count), new("sigma.largest", layer.Largest), new("sigma.smallest", layer.Smallest)];
        if (FirstLayerBounds.DifferenceQuotient(context) is { } difference)
        {
            inequalities.Add(Inequality.AtMost("closed form ‖∂f/∂b₁‖ against ‖b₁′ − b₁‖/(αε), relative difference", difference, 1e-9)
                .AsArithmetic());
        }

        if (context.Run is { BoundsNotApplicable: null } run)
        {
            inequalities.AddRange(FirstLayerBounds.StoredSteps("training: the same at the steps of which the stored b₁ has digits", run));
        }

        return Blank with
        {
            Inequalities = [.. inequalities],
            Hypotheses = [FirstLayerBounds.SmallestSingularValue(layer), .. MoreHypotheses(context)],
            Details = [.. details],
            Notes =
            [
                "the normalized step is ‖∂f/∂b₁‖, which a step of plain SGD on that example alone would take",
                .. MoreNotes(context),
            ],
        };
    }

    /// <summary>What else a reader must know.</summary>
    protected virtual ImmutableArray<string> MoreNotes(TheoryContext context) => [];

    /// <summary>What the lemma supposes beside W_1.</summary>
    protected virtual ImmutableArray<Hypothesis> MoreHypotheses(TheoryContext context) => [];
}
