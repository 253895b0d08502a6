using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Eq. 7 of Neyshabur et al. 2017: what noise on the weights does to the loss is at most C_L times what it does to the outputs, and that at
/// most what it does with activations as they are, and what the flips add, E‖Err_d‖. Cross-entropy, C_L = √2, or 1 of a single output.
/// By Monte Carlo, with the same noise on both sides: each inequality holds draw by draw, and has no error to allow for.
/// For noise of 0.001, 0.01 and 0.1 times the weights of each layer; the example shown is the one where the two sides are
/// closest. It needs none of C1 to C3.
/// </summary>
public sealed class Neyshabur2017Equation7() : Theorem(
    "eg-equation-7",
    "Noise with and without flipped activations",
    "Neyshabur et al. 2017, eq. 7",
    "E|ℓ(f_{w+ν}(x)) − ℓ(f(x))| ≤ C_L E‖f_{w+ν}(x) − f(x)‖ ≤ C_L E‖(W+ν)_d Π D_i(W+ν)_i x − f(x)‖ + C_L E‖Err_d‖")
{
    /// <summary>C_L: the largest slope of the cross-entropy by the logits, ‖p − e_y‖.</summary>
    internal static double Slope(LayerChain chain) => chain.Units[^1] == 1 ? 1 : Math.Sqrt(2);

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        if (chain.HasBiases)
        {
            return Blank with { NotApplicable = "is stated for layers without biases, and these have some" };
        }

        var slope = Slope(chain);
        var noises = PerturbedChain.Of(context, chain, ChainConditions.Of(context, chain));
        return Blank with
        {
            Inequalities =
            [
                .. noises.SelectMany(noise =>
                {
                    Inequality Closest(string name, Func<int, double> left, Func<int, double> right)
                    {
                        var example = Enumerable.Range(0, noise.Whole.Length).MaxBy(i => left(i) / right(i));
                        return Inequality.AtMost($"{name}, noise of {noise.Size} of the weights", left(example), right(example));
                    }

                    return new[]
                    {
                        noise.Losses.IsEmpty
                            ? Inequality.NotApplicable("E|ℓ(f_{w+ν}(x)) − ℓ(f(x))|", "needs class labels that the outputs are for")
                            : Closest("E|ℓ(f_{w+ν}(x)) − ℓ(f(x))|", i => noise.Losses[i].Value, i => slope * noise.Whole[i].Value),
                        Closest(
                            "E‖f_{w+ν}(x) − f(x)‖", i => noise.Whole[i].Value, i => noise.Linear[i].Value + noise.Errors[^1][i].Value),
                    };
                }),
            ],
            Notes = [$"{PerturbedChain.DrawsOf(context, chain)} draws (seed {context.Measures.Options.Seed}), the same on both sides"],
        };
    }
}
