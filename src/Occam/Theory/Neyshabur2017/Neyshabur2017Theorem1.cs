using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Theorem 1 of Neyshabur et al. 2017: under C1 to C3 the perturbed network's error exceeds the training loss by at most
/// O((Π(1 + γ_i) − 1 + Π(1 + γ_iC_2C_3)(Π(1 + γ_iC_{δ_i}C_2) − 1)) C_L Σ_x‖f(x)‖/m) + √((Σ‖W_i‖_F²/σ_i² + ln(1/δ))/m). It is stated up to a
/// constant: what is reported, the right side with the constant 1, is a scale and not a guarantee. γ_i is σ/(C_{δ_i}d) as in the paper, σ
/// the best of 2⁰, …, 2⁻¹⁶; C_L = √2, the Lipschitz constant of cross-entropy; ‖f(x)‖ over the first examples, of unit length.
/// C1, C2 and C3 are measured of networks with biases too.
/// </summary>
public sealed class Neyshabur2017Theorem1() : Neyshabur2017Theorem(
    "eg-theorem-1",
    "Sharpness of networks whose layers interact",
    "Neyshabur et al. 2017, Theorem 1",
    "E_ν[L(w+ν)] − L̂(w) ≤ O([Π(1+γ_i) − 1 + Π(1+γ_iC₂C₃)(Π(1+γ_iC_δC₂) − 1)]C_L Σ‖f(x)‖/m) + √((Σ‖W_i‖²/σ_i² + ln 1/δ)/m)")
{
    private const int Sizes = 17;

    /// <inheritdoc/>
    private protected override TheoremResult Verify(
        TheoryContext context, LayerChain chain, InteractionConditions conditions, string? refused)
    {
        var result = Blank with
        {
            Inequalities =
        [
            Inequality.NotApplicable("E_ν[L(w+ν)] − L̂(w)", refused ?? "it is stated with O(·): the right side is a scale, not a bound"),
        ]
        };
        if (refused is not null)
        {
            return result;
        }

        var best = Enumerable.Range(0, Sizes)
            .Select(k => Math.Pow(2, -k))
            .Select(sigma => (Sigma: sigma, Sides: Sides(context, chain, conditions, sigma)))
            .MinBy(pair => pair.Sides.Sharpness + pair.Sides.Norm);
        return result with
        {
            Details =
            [
                new("scale", best.Sides.Sharpness + best.Sides.Norm), new("scale.sharpness", best.Sides.Sharpness),
                new("scale.norm", best.Sides.Norm), new("sigma", best.Sigma),
            ],
        };
    }

    private static (double Sharpness, double Norm) Sides(
        TheoryContext context, LayerChain chain, InteractionConditions conditions, double sigma)
    {
        var (m, d, delta, mu) = (context.Data.Count, chain.Depth, context.Options.Delta, conditions.Mu.Min());
        var (C2, C3) = (conditions.C2, conditions.C3);
        var (linear, first, second, norm) = (1.0, 1.0, 1.0, 0.0);
        for (var i = 1; i <= d; i++)
        {
            // A layer of one unit has a spread of 0, and no need of the paper's scaling by it.
            var spread = Spread(chain, i, delta);
            var gamma = sigma / ((spread > 0 ? spread : 1) * d);
            linear *= 1 + gamma;
            first *= 1 + (gamma * C2 * C3);
            second *= 1 + (gamma * spread * C2);

            // ‖W_i‖²/σ_i² with σ_i = γ_i μ²‖W_i‖/√(h_i h_{i−1}).
            norm += chain.Weights[i - 1].Elements / Math.Pow(gamma * mu * mu, 2);
        }

        var size = chain.Outputs(conditions.Examples).Average();
        return ((linear - 1 + (first * (second - 1))) * Math.Sqrt(2) * size, Math.Sqrt((norm + Math.Log(1 / delta)) / m));
    }
}
