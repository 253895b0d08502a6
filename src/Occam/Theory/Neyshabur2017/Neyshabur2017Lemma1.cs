using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Lemma 1 of Neyshabur et al. 2017: under C1, for noise ν_i ~ N(0, σ_i²) and the D_i of the network without noise,
/// E‖(W+ν)_d Π D_i(W+ν)_i x − f(x)‖ ≤ (Π(1 + σ_i√h_i√h_{i−1}/(μ²‖D_iW_i‖_F)) − 1)‖f(x)‖. The left side by Monte Carlo,
/// for noise of 0.001, 0.01 and 0.1 times the weights of each layer, with μ of the example; three standard errors of the
/// left side count as equality. The example shown is the one where the two sides are closest.
/// </summary>
public sealed class Neyshabur2017Lemma1() : Neyshabur2017Theorem(
    "eg-lemma-1",
    "Noise through fixed activations",
    "Neyshabur et al. 2017, Lemma 1",
    "E‖(W+ν)_d Π D_i(W+ν)_i x − f(x)‖ ≤ (Π(1 + σ_i√(h_i h_{i−1})/(μ²‖D_iW_i‖_F)) − 1)‖f(x)‖")
{
    private protected override bool NeedsActivations => false;

    /// <inheritdoc/>
    private protected override TheoremResult Verify(
        TheoryContext context, LayerChain chain, ChainConditions conditions, string? refused)
    {
        if (refused is not null)
        {
            return Blank with { Inequalities = [Inequality.NotApplicable("E‖noise through fixed activations‖", refused)] };
        }

        var outputs = chain.Outputs(conditions.Examples);
        return Blank with
        {
            Inequalities =
            [
                .. PerturbedChain.Of(context, chain, conditions).Select(noise =>
                {
                    double Right(int example) => outputs[example] * (Enumerable.Range(0, chain.Depth).Aggregate(1.0, (product, i) =>
                        product * (1 + (PerturbedChain.Deviation(chain.Weights[i], noise.Size) * Math.Sqrt(chain.Weights[i].Elements)
                            / (Math.Pow(conditions.Each[example].Mu, 2) * conditions.Each[example].LayerNorms[i])))) - 1);
                    var closest = Enumerable.Range(0, outputs.Length).MaxBy(example => noise.Linear[example].Value / Right(example));
                    var name = $"E‖noise through fixed activations‖, noise of {noise.Size} of the weights";
                    return Inequality.AtMost(name, noise.Linear[closest], Right(closest), errors: 3);
                }),
            ],
            Notes =
            [
                $"left sides from {PerturbedChain.DrawsOf(context, chain)} draws (seed {context.Measures.Options.Seed}): three standard "
                    + "errors count as equality",
            ],
        };
    }
}
