using Occam.Measures.Sharpness;
using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Lemma 2 of Neyshabur et al. 2017: under C1 to C3, noise ν_i ~ N(0, σ_i²) flips ‖D̂_k − D_k‖₁ ≤ O(C_2 h_k C_{δ_k} σ_k ‖f^{k−1}‖) units
/// of layer k, and E‖Err_k‖ ≤ O(Π(1 + γ_iC_2C_3)(Π(1 + γ_iC_{δ_i}C_2) − 1)‖f^k‖), Err_k being what the flips change. Both are stated up to
/// a constant, so there is no inequality to decide: both sides are among the details, by Monte Carlo on the left, and
/// the least constant with which each would hold at every layer and example, each example with its own μ, C_2 and C_3. A layer of one
/// unit has C_δ = 0, and may need an infinite one. δ_i = δ/d, δ = 0.05 or the options'.
/// </summary>
public sealed class Neyshabur2017Lemma2() : Neyshabur2017Theorem(
    "eg-lemma-2",
    "Noise that flips activations",
    "Neyshabur et al. 2017, Lemma 2",
    "‖D̂_k − D_k‖₁ ≤ O(C₂h_kC_δσ_k‖f^{k−1}‖), E‖Err_k‖ ≤ O(Π(1 + γ_iC₂C₃)(Π(1 + γ_iC_δC₂) − 1)‖f^k‖)")
{
    /// <inheritdoc/>
    private protected override TheoremResult Verify(
        TheoryContext context, LayerChain chain, ChainConditions conditions, string? refused)
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
        TheoryContext context, LayerChain chain, ChainConditions conditions, PerturbedChain noise)
    {
        var term = new SharpnessTerm(chain, context.Options.Delta);
        var sizes = chain.LayerOutputs(conditions.Examples);
        var (flips, errors) = (0.0, 0.0);
        for (var example = 0; example < conditions.Each.Length; example++)
        {
            var own = conditions.Each[example];
            for (var k = 1; k <= chain.Depth; k++)
            {
                if (k < chain.Depth)
                {
                    var sigma = PerturbedChain.Deviation(chain.Weights[k - 1], noise.Size);
                    flips = Math.Max(flips, Needed(
                        noise.Flips[k - 1][example].Value, own.C2 * chain.Units[k] * term.Spread(k) * sigma * sizes[k - 1][example]));
                }

                // σ_i√(h_ih_{i−1})/(μ²‖W_i‖_F): of noise that is the same part of every layer, the same.
                var right = term.Flipped(k, _ => noise.Size / (own.Mu * own.Mu), own.C2, own.C3) * sizes[k][example];
                errors = Math.Max(errors, Needed(noise.Errors[k - 1][example].Value, right));
            }
        }

        var name = ExpectedSharpness.SizeName(noise.Size);
        double Mean(IEnumerable<Uncertain> values) => values.Average(value => value.Value);
        yield return new(
            $"noise={name}.flippedShare", Enumerable.Range(1, chain.Depth - 1).Max(k => Mean(noise.Flips[k - 1]) / chain.Units[k]));
        yield return new($"noise={name}.flips.constant", flips);
        yield return new($"noise={name}.error", Mean(noise.Errors[^1]));
        yield return new($"noise={name}.error.constant", errors);
    }

    private static double Needed(double left, double right) => left == 0 ? 0 : left / right;
}
