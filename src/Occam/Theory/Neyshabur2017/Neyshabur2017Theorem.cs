using System.Collections.Immutable;
using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>What Neyshabur et al. 2017, §4, say of dense ReLU networks under C1, C2 and C3, which are measured first.</summary>
public abstract class Neyshabur2017Theorem(string id, string title, string source, string statement) : Theorem(id, title, source, statement)
{
    /// <inheritdoc/>
    protected sealed override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        var conditions = InteractionConditions.Of(context, chain);
        var mu = conditions.Mu.Min();
        var refused = chain.HasBiases ? "is stated for layers without biases, and these have some"
            : mu == 0 ? "needs C1, and μ = 0: a product of layers is zero at an example"
            : double.IsInfinity(conditions.C3) ? "needs C3, and a layer is off at an example"
            : null;
        var result = Verify(context, chain, conditions, refused);
        return result with
        {
            Hypotheses =
            [
                new("C1: layers interact", mu > 0, $"μ = {mu:G4}"),
                new("C2: few pre-activations near zero", true, $"C₂ = {conditions.C2:G4}"),
                new("C3: no unit with far larger weights", double.IsFinite(conditions.C3), $"C₃ = {conditions.C3:G4}"),
                new("no biases", !chain.HasBiases, chain.HasBiases ? "the layers have biases" : "the layers have none"),
                .. result.Hypotheses,
            ],
            Details = [.. Conditions(conditions, mu), .. result.Details],
            Notes =
            [
                $"C1 to C3 on the first {conditions.Mu.Length} examples{(chain.HasBiases ? "" : ", scaled to unit length")}",
                .. result.Notes,
            ],
        };
    }

    /// <summary>The computation itself.</summary>
    /// <param name="context">The context.</param>
    /// <param name="chain">The network.</param>
    /// <param name="conditions">Its conditions.</param>
    /// <param name="refused">Why nothing is stated of it, though the conditions could be measured; null when it is.</param>
    private protected abstract TheoremResult Verify(
        TheoryContext context, LayerChain chain, InteractionConditions conditions, string? refused);

    /// <summary>γ_i = σ_i√h_i√h_{i−1}/(μ²‖W_i‖_F), for noise of a size that is the same part of every layer.</summary>
    private protected static double Gamma(double size, double mu) => size / (mu * mu);

    /// <summary>C_{δ_i} = (1 + δ_i)√(2 ln h_i), δ_i = δ/d.</summary>
    private protected static double Spread(LayerChain chain, int layer, double delta) =>
        (1 + (delta / chain.Depth)) * Math.Sqrt(2 * Math.Log(chain.Units[layer]));

    private static ImmutableArray<KeyValuePair<string, double>> Conditions(InteractionConditions conditions, double mu) =>
    [
        new("mu", mu), new("conditionNumber", 1 / mu), new("mu.boundary", conditions.Boundary),
        .. double.IsNaN(conditions.Middle) ? [] : (KeyValuePair<string, double>[])[new("mu.middle", conditions.Middle)],
        new("C2", conditions.C2), new("C3", conditions.C3),
    ];
}
