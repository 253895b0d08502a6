using Occam.Measures.Sharpness;
using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Lemma 2 of Neyshabur et al. 2017: under C1 to C3, noise ν_i ~ N(0, σ_i²) flips ‖D̂_k − D_k‖₁ ≤ O(C_2 h_k C_{δ_k} σ_k ‖f^{k−1}‖) units
/// of layer k, and E‖Err_k‖ ≤ O(Π(1 + γ_iC_2C_3)(Π(1 + γ_iC_{δ_i}C_2) − 1)‖f^k‖), Err_k being what the flips change. Both are stated up to
/// a constant, so there is no inequality to decide: both sides are among the details, by Monte Carlo on the left, and
/// the least constant with which each would hold at every layer. δ_i = δ/d, δ = 0.05 or the options'.
/// </summary>
public sealed class Neyshabur2017Lemma2() : Neyshabur2017Theorem(
    "eg-lemma-2",
    "Noise that flips activations",
    "Neyshabur et al. 2017, Lemma 2",
    "‖D̂_k − D_k‖₁ ≤ O(C₂h_kC_δσ_k‖f^{k−1}‖), E‖Err_k‖ ≤ O(Π(1 + γ_iC₂C₃)(Π(1 + γ_iC_δC₂) − 1)‖f^k‖)")
{
    /// <inheritdoc/>
    private protected override TheoremResult Verify(
        TheoryContext context, LayerChain chain, InteractionConditions conditions, string? refused)
    {
        const string Open = "it is stated with O(·): see the constants that it would need";
        var result = Blank with
        {
            Inequalities =
            [
                Inequality.NotApplicable("‖D̂_k − D_k‖₁", refused ?? Open), Inequality.NotApplicable("E‖Err_k‖", refused ?? Open),
            ],
        };
        return refused is not null || chain.Depth < 2 ? result : result with
        {
            Details =
            [
                .. PerturbedChain.Of(context, chain, conditions).SelectMany(noise => Sides(context, chain, conditions, noise)),
            ],
        };
    }

    private static IEnumerable<KeyValuePair<string, double>> Sides(
        TheoryContext context, LayerChain chain, InteractionConditions conditions, PerturbedChain noise)
    {
        var delta = context.Options.Delta;
        var sizes = chain.LayerOutputs(conditions.Examples);
        var gamma = Gamma(noise.Size, conditions.Mu.Min());
        var (flips, errors) = (0.0, 0.0);
        var (first, second) = (1.0, 1.0);
        var (C2, C3) = (conditions.C2, conditions.C3);
        for (var k = 1; k <= chain.Depth; k++)
        {
            var spread = Spread(chain, k, delta);
            first *= 1 + (gamma * C2 * C3);
            second *= 1 + (gamma * spread * C2);
            if (k < chain.Depth)
            {
                flips = Math.Max(flips, noise.Flips[k - 1]
                    / (C2 * chain.Units[k] * spread * PerturbedChain.Deviation(chain.Weights[k - 1], noise.Size) * sizes[k - 1]));
            }

            errors = Math.Max(errors, noise.Errors[k - 1] / (first * (second - 1) * sizes[k]));
        }

        var name = ExpectedSharpness.SizeName(noise.Size);
        yield return new($"noise={name}.flippedShare", Enumerable.Range(1, chain.Depth - 1).Max(k => noise.Flips[k - 1] / chain.Units[k]));
        yield return new($"noise={name}.flips.constant", flips);
        yield return new($"noise={name}.error", noise.Errors[^1]);
        yield return new($"noise={name}.error.constant", errors);
    }
}
