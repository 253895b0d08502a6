using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// The end of §4 of Neyshabur et al. 2017, printed without O(·): for ν_i ~ N(0, σ_i²) and γ_i = σ_i√(h_ih_{i−1})/(μ²‖W_i‖_F),
/// E|ℓ(f_{w+ν}(x)) − ℓ(f(x))| ≤ [Π(1 + γ_i) − 1 + Π(1 + γ_iC_2C_3)(Π(1 + γ_iC_{δ_i}C_2) − 1)] C_L‖f(x)‖, and before the loss the same
/// without C_L of E‖f_{w+ν}(x) − f(x)‖. It is said to follow from Lemmas 1 and 2, and doesn't quite: Lemma 2 has an O(·), and Lemma 1
/// divides by ‖D_iW_i‖, which is less than ‖W_i‖. So it counts as suggested. ℓ is the cross-entropy, C_L = √2, or 1 of a single output. By
/// Monte Carlo, with the μ, C_2 and C_3 of the example; three standard errors count as equality, and the example shown is
/// the one where the two sides are closest. δ_i = δ/d.
/// </summary>
public sealed class Neyshabur2017ExpectedSharpness() : Neyshabur2017Theorem(
    "eg-expected-sharpness",
    "Sharpness from Lemmas 1 and 2",
    "Neyshabur et al. 2017, §4, end",
    "E|ℓ(f_{w+ν}(x)) − ℓ(f(x))| ≤ [Π(1+γ_i) − 1 + Π(1+γ_iC₂C₃)(Π(1+γ_iC_δC₂) − 1)] C_L‖f(x)‖")
{
    /// <inheritdoc/>
    private protected override TheoremResult Verify(
        TheoryContext context, LayerChain chain, ChainConditions conditions, string? refused)
    {
        if (refused is not null)
        {
            return Blank with { Inequalities = [Inequality.NotApplicable("E|ℓ(f_{w+ν}(x)) − ℓ(f(x))|", refused)] };
        }

        var term = new SharpnessTerm(chain, context.Options.Delta);
        var outputs = chain.Outputs(conditions.Examples);
        var slope = Neyshabur2017Equation7.Slope(chain);
        return Blank with
        {
            Inequalities =
            [
                .. PerturbedChain.Of(context, chain, conditions).SelectMany(noise =>
                {
                    double Right(int example)
                    {
                        var own = conditions.Each[example];
                        return outputs[example] * term.Of(_ => noise.Size / (own.Mu * own.Mu), own.C2, own.C3);
                    }

                    Inequality Closest(string name, IReadOnlyList<Uncertain> left, double factor)
                    {
                        var example = Enumerable.Range(0, left.Count).MaxBy(i => left[i].Value / Right(i));
                        var sides = $"{name}, noise of {noise.Size} of the weights";
                        return Inequality.AtMost(sides, left[example], factor * Right(example), errors: 3).AsSuggested();
                    }

                    return new[] { Closest("E‖f_{w+ν}(x) − f(x)‖", noise.Whole, 1) }.Concat(
                        noise.Losses.IsEmpty ? [] : [Closest("E|ℓ(f_{w+ν}(x)) − ℓ(f(x))|", noise.Losses, slope)]);
                }),
            ],
            Notes =
            [
                $"left sides from {PerturbedChain.DrawsOf(context, chain)} draws (seed {context.Measures.Options.Seed}): three standard "
                    + "errors count as equality",
                "printed without O(·), from a lemma that has one: suggested, not proved",
            ],
        };
    }
}
