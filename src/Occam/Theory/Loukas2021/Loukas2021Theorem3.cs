using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Theorem 3 of Loukas et al. 2021: a classifier trained with ½-dropout and BCE that is (τ, φ)-steady has λ_f ≤ λ_steady =
/// (c φ/4) log Σ n_l, c = (1+γ) β/(μ(1 − μ) p_min), and generalizes to within √((4 ln 2 · N(X; ℓ2, r) + 2 ln(1/δ))/N),
/// r = min |1 − 2f(x_i)|/(c φ log Σ n_l) = min |f(x_i) − ½|/(2 λ_steady).
/// <para>
/// The first is Lemma 3's (<see cref="Loukas2021Lemma3"/>). Natural logarithms. The left side of the second is the difference between
/// the shares of errors on the training data and on test data. N(X; ℓ2, r) is an upper bound where X is the smallest box around all
/// examples, along their principal axes, with r by the proof's λ_steady. With r as printed, a greedy cover of the training
/// data, a packing of them and the manifold formula stand in for it, of which none bounds it from above: those are unproved.
/// </para>
/// </summary>
public sealed class Loukas2021Theorem3() : Theorem(
    "bth-theorem-3",
    "Steady learners with dropout generalize",
    "Loukas et al. 2021, Theorem 3",
    "λ_f ≤ λ_steady, and |er_emp − er_exp| ≤ √((4 ln2 · N(X; ℓ2, r) + 2 ln(1/δ))/N) with ½-dropout",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer | TheoremNeeds.Run)
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var steadiness = DropoutSteadiness.Of(context, out var why);
        if ((BinaryClassifier.Problem(context) ?? why) is { } problem)
        {
            return Blank with { NotApplicable = problem };
        }

        if (steadiness!.Broken is { } broken)
        {
            return Blank with { NotApplicable = broken, Hypotheses = steadiness.Hypotheses };
        }

        var bound = GeneralizationBound.Of(context);
        var (printed, proof) = (bound.Radius(steadiness.Lipschitz), bound.Radius(steadiness.LipschitzOfProof(context.Options.Delta)));
        var numbers = bound.Numbers;
        var boxed = bound.Inequality("cubes that fill the box around all examples", bound.InBox(proof));
        return Blank with
        {
            Inequalities =
            [
                .. SteadyBounds.Inequalities(context, steadiness),
                steadiness.IsAfterForward ? boxed : boxed.AsSuggested(),
                bound.Inequality("a greedy cover of the training data", numbers.GreedyCover(printed)).AsSuggested(),
                bound.Inequality("a packing of the training data", numbers.Packing(printed)).AsSuggested(),
                bound.Inequality("the manifold formula", numbers.Manifold(printed)).AsSuggested(),
            ],
            Hypotheses = steadiness.Hypotheses,
            Details =
            [
                .. SteadyBounds.Details(context, steadiness),
                new("radius", printed), new("radius.proof", proof), new("cover.box", bound.InBox(proof)),
                new("cover.greedy", numbers.GreedyCover(printed)), new("cover.packing", numbers.Packing(printed)),
                new("cover.manifold", numbers.Manifold(printed)), new("intrinsicDimension", numbers.IntrinsicDimension),
                .. bound.Details,
            ],
            Notes =
            [
                .. SteadyBounds.Notes(context, steadiness),
                "the covering number of the input domain isn't known: that of the box around the examples is bounded from above, and the "
                    + "three others are the sample's from above, from below, and an estimate",
            ],
        };
    }
}
