namespace Occam.Theory.Parts;

/// <summary>λ_f ≤ λ_steady, as Lemma 3 and Theorem 3 of Loukas et al. 2021 both say it.</summary>
internal static class SteadyBounds
{
    /// <summary>As printed and with the k of the proof.</summary>
    public static IEnumerable<Inequality> Inequalities(TheoryContext context, DropoutSteadiness steadiness)
    {
        var lipschitz = LargestLipschitz.Of(context);
        var (left, delta) = (lipschitz.IsExact ? "λ_f" : "λ_f, the largest found,", context.Options.Delta);
        yield return Inequality.AtMost(
            $"{left} ≤ λ_steady = (c φ/4) log Σ n_l, as printed with o(1) = 0", lipschitz.Value, steadiness.Lipschitz).AsSuggested();
        var proved = Inequality.AtMost(
            $"{left} ≤ λ_steady with the proof's k = {steadiness.CoveringPoints(delta):G6} points for (1 + o(1)) log(Σ n_l)/p_min",
            lipschitz.Value, steadiness.LipschitzOfProof(delta));
        yield return steadiness.IsAfterForward ? proved : proved.AsSuggested();
    }

    /// <summary>The numbers that they are made of.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Details(TheoryContext context, DropoutSteadiness steadiness)
    {
        var (lipschitz, delta) = (LargestLipschitz.Of(context).Value, context.Options.Delta);
        return
        [
            new("lipschitz.maximum", lipschitz), new("lipschitz.steady", steadiness.Lipschitz),
            new("lipschitz.proof", steadiness.LipschitzOfProof(delta)), new("looseness", steadiness.Lipschitz / lipschitz),
            new("logarithm", Math.Log(steadiness.Units)), new("c", steadiness.C), new("phi", steadiness.Phi),
            new("gamma", steadiness.Gamma), new("beta", steadiness.Beta), new("mu", steadiness.Mu), new("xi", steadiness.Xi),
            new("p.minimum", steadiness.LeastActive), new("p.mean", steadiness.MeanActive), new("units", steadiness.Units),
            new("steps", steadiness.Steps), new("steps.stated", steadiness.StepsAsStated),
            new("steps.proofLog2", steadiness.StepsOfProofLog2(delta)),
        ];
    }

    /// <summary>What has to be known of them.</summary>
    public static IEnumerable<string> Notes(TheoryContext context, DropoutSteadiness steadiness)
    {
        yield return $"λ_f is looked for {LargestLipschitz.Of(context).Where}";
        yield return "the proof raises the probability that dropout yields a basis to a power where it is the probability that it doesn't: "
            + $"its own argument needs |T| ≥ 2^{steadiness.StepsOfProofLog2(context.Options.Delta):F0} steps here, and not "
            + "Ω̃(p_avg/p_min² Σ n_l)";
        if (HiddenActivations.Of(context.Network).Layers > 1)
        {
            yield return "the proof rests on Claim 1, which doesn't hold for every network of more than one hidden layer: see bth-claim-1";
        }

        if (!steadiness.IsAfterForward)
        {
            yield return "the dropout was the usual one, for which nothing is proved: φ is of the networks with units dropped and "
                + "the others' activations doubled, μ of the network without";
        }
    }
}
