using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Lemma 3 (Appendix B.7.1) of Loukas et al. 2021: after a long enough interval T of training with ½-dropout
/// λ_f ≤ λ_steady = (1+γ) β ξ (1 + o(1))/p_min · log(Σ n_l) ‖φ_T‖_∞ with high probability (see <see cref="DropoutSteadiness"/>). Natural
/// logarithms. Reported as printed, with o(1) = 0, and with the k of the proof in place of (1 + o(1)) log(Σ n_l)/p_min.
/// <para>
/// λ_f is taken over the box around the data where they lie on a plane; otherwise the left side is the largest λ that was found,
/// which λ_f is at least. The other side of the paper's λ_steady ≤ λ_f · O(log Σ n_l) is the detail <c>looseness</c> against
/// <c>logarithm</c>.
/// </para>
/// </summary>
public sealed class Loukas2021Lemma3() : Theorem(
    "bth-lemma-3",
    "Global Lipschitz constant of steady learners with dropout",
    "Loukas et al. 2021, Lemma 3",
    "λ_f ≤ λ_steady = (1+γ) β ξ/p_min · log(Σ n_l) ‖φ_T‖_∞ after T of training with ½-dropout",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer | TheoremNeeds.Run)
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context) =>
        DropoutSteadiness.Of(context, out var why) is not { } steadiness ? Blank with { NotApplicable = why }
        : steadiness.Broken is { } broken ? Blank with { NotApplicable = broken, Hypotheses = steadiness.Hypotheses }
        : Blank with
        {
            Inequalities = [.. SteadyBounds.Inequalities(context, steadiness)],
            Hypotheses = steadiness.Hypotheses,
            Details = [.. SteadyBounds.Details(context, steadiness)],
            Notes = [.. SteadyBounds.Notes(context, steadiness)],
        };
}
