using System.Globalization;
using Occam.Measures;
using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Theorem 1 of Neyshabur et al. 2017: under C1 to C3 the perturbed network's expected loss exceeds the training loss by at most
/// O([Π(1 + γ_i) − 1 + Π(1 + γ_iC_2C_3)(Π(1 + γ_iC_{δ_i}C_2) − 1)] C_L Σ_x‖f(x)‖/m) + √((Σ‖W_i‖_F²/σ_i² + ln(1/δ))/m). γ_i is σ/(C_{δ_i}d)
/// as in the paper, σ the best of 2⁰, …, 2⁻¹⁶; all examples have length 1; δ_i = δ/d.
/// <para>
/// The paper leaves the loss open. Its two sides need one of 0 to 1 (eq. 5) and of slope C_L: the ramp of the margin, γ the median
/// magnitude of the training margins, C_L = √2/γ. The left side is by Monte Carlo, on the training and the test data.
/// </para>
/// <para>
/// O(·) hides a constant: the right side with the constant 1 is a scale and not a guarantee. <c>constant</c> is the least with which the
/// inequality holds, and <c>constant.sharpness</c> that for the expected sharpness without the norm's term. Where the norm's term is 1
/// or more the theorem is vacuous whatever the constant. The σ_i, and so the prior, come from the trained weights, which eq. 5
/// doesn't allow.
/// </para>
/// </summary>
public sealed class Neyshabur2017Theorem1() : Neyshabur2017Theorem(
    "eg-theorem-1",
    "Sharpness of networks whose layers interact",
    "Neyshabur et al. 2017, Theorem 1",
    "E_ν[L(w+ν)] − L̂(w) ≤ O([Π(1+γ_i) − 1 + Π(1+γ_iC₂C₃)(Π(1+γ_iC_δC₂) − 1)]C_L Σ‖f(x)‖/m) + √((Σ‖W_i‖²/σ_i² + ln 1/δ)/m)")
{
    private const string Left = "E_ν[L(w+ν)] − L̂(w)";
    private const int Sizes = 17;

    /// <inheritdoc/>
    private protected override TheoremResult Verify(
        TheoryContext context, LayerChain chain, ChainConditions conditions, string? refused)
    {
        TheoremResult Refused(string why) => Blank with { Inequalities = [Inequality.NotApplicable(Left, why)] };
        if (refused is not null)
        {
            return Refused(refused);
        }

        if (chain.Labels(context.Data.Count) is not { } labels)
        {
            return Refused("needs class labels that the outputs are for");
        }

        if (PerturbedLoss.Of(context, chain, labels) is not { } perturbed)
        {
            return Refused("needs a loss to scale, and all margins are zero");
        }

        var slope = perturbed.Ramp.Slope(chain.Units[^1]);
        var best = Enumerable.Range(0, Sizes)
            .Select(k => Right(context, chain, conditions, slope * perturbed.MeanOutput, Math.Pow(2, -k)))
            .MinBy(right => right.Sharpness + right.Norm)!;
        var (increase, unseen) = perturbed.Under(best.Deviations, PerturbedChain.DrawsOf(context, chain));
        var excess = unseen - perturbed.Loss;
        var m = context.Data.Count;
        return Blank with
        {
            Inequalities = [Judge(best, excess)],
            Hypotheses =
            [
                new(
                    "KL ≥ ln 2m: else ln(1/δ) is too little", best.Kl >= Math.Log(2 * m),
                    string.Create(CultureInfo.InvariantCulture, $"KL = {best.Kl:G4}, ln 2m = {Math.Log(2 * m):G4}")),
            ],
            Details =
            [
                new("scale", best.Sharpness + best.Norm), new("scale.sharpness", best.Sharpness), new("scale.norm", best.Norm),
                new("sigma", best.Sigma), new("loss", perturbed.Loss), new("loss.margin", perturbed.Ramp.Scale),
                new("outputNorm", perturbed.MeanOutput),
                .. UncertainDetails.Named("sharpness", increase),
                new("constant.sharpness", Math.Max(0, increase.Value) / best.Sharpness),
                .. excess is { } left
                    ? [
                        .. UncertainDetails.Named("excess", left),
                        new("constant", Math.Max(0, left.Value - best.Norm) / best.Sharpness),
                    ]
                    : (KeyValuePair<string, double>[])[],
            ],
            Notes =
            [
                $"left sides from {increase.Samples} draws, each on a mini-batch (seed {context.Measures.Options.Seed}); ramp loss of "
                    + "the margin on examples of unit length",
                "σ_i and the ramp were chosen on the trained network, which the theorem's prior must not know",
            ],
        };
    }

    private static Inequality Judge(Side right, Uncertain? excess) =>
        excess is not { } left ? Inequality.NotApplicable(Left, "needs labelled examples that the training hasn't seen")
        : right.Norm >= 1 ? Inequality.AtMost(
            Left, left, right.Sharpness + right.Norm, errors: 3,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the norm's term alone is {right.Norm:G3}, whatever the constant in O(·), and no loss of 0 to 1 rises by more than 1"))
        : Inequality.NotApplicable(Left, "it is stated with O(·): the right side is a scale; see the constant that it would need");

    /// <summary>The right side with the constant 1.</summary>
    /// <param name="context">For m and δ.</param>
    /// <param name="chain">The network.</param>
    /// <param name="conditions">Its conditions.</param>
    /// <param name="outputs">C_L Σ‖f(x)‖/m.</param>
    /// <param name="sigma">σ.</param>
    private static Side Right(TheoryContext context, LayerChain chain, ChainConditions conditions, double outputs, double sigma)
    {
        var term = new SharpnessTerm(chain, context.Options.Delta);
        var square = conditions.Mu * conditions.Mu;

        // A layer of one unit has C_δ = 0, and no need of the paper's scaling by it.
        double Gamma(int i) => sigma / ((term.Spread(i) > 0 ? term.Spread(i) : 1) * chain.Depth);

        // σ_i = γ_iμ²‖W_i‖/√(h_ih_{i−1}), so that ‖W_i‖²/σ_i² = h_ih_{i−1}/(γ_iμ²)².
        var norm = Enumerable.Range(1, chain.Depth).Sum(i => chain.Weights[i - 1].Elements / Math.Pow(Gamma(i) * square, 2));
        return new Side(
            sigma, term.Of(Gamma, conditions.C2, conditions.C3) * outputs,
            Math.Sqrt((norm + Math.Log(1 / context.Options.Delta)) / context.Data.Count), norm / 2,
            [.. chain.Weights.Select((W, i) => PerturbedChain.Deviation(W, Gamma(i + 1) * square))]);
    }

    /// <summary>The right side for a σ, its two terms, the KL divergence in the second, and the σ_i.</summary>
    private sealed record Side(double Sigma, double Sharpness, double Norm, double Kl, double[] Deviations);
}
