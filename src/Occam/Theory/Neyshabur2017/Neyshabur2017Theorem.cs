using System.Collections.Immutable;
using Occam.Theory.Parts;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// What Neyshabur et al. 2017, §4, say of dense ReLU networks under C1, C2 and C3, which are measured first, example by example.
/// </summary>
public abstract class Neyshabur2017Theorem(string id, string title, string source, string statement) : Theorem(id, title, source, statement)
{
    /// <summary>Whether C2 is a hypothesis, and C3 for more than that no layer is off.</summary>
    private protected virtual bool NeedsActivations => true;

    /// <inheritdoc/>
    protected sealed override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        var conditions = ChainConditions.Of(context, chain);
        var (mu, C2, C3) = (conditions.Mu, conditions.C2, conditions.C3);
        var refused = chain.HasBiases ? "is stated for layers without biases, and these have some"
            : mu == 0 ? "needs C1, and μ = 0: a product of layers is zero at an example"
            : double.IsInfinity(C3) ? "divides by ‖D_iW_i‖, and a layer is off at an example"
            : NeedsActivations && double.IsInfinity(C2) ? "needs C2, and a pre-activation is zero at an example"
            : null;
        var result = Verify(context, chain, conditions, refused);
        return result with
        {
            Hypotheses =
            [
                new("C1: layers interact", mu > 0, $"μ = {mu:G4}"),
                new("C2: few pre-activations near zero", double.IsFinite(C2), $"C₂ = {C2:G4}"),
                new("C3: no unit with far larger weights", double.IsFinite(C3), $"C₃ = {C3:G4}"),
                new("no biases", !chain.HasBiases, chain.HasBiases ? "the layers have biases" : "the layers have none"),
                .. result.Hypotheses,
            ],
            Details = [.. Conditions(conditions), .. result.Details],
            Notes =
            [
                $"C1 to C3 on the first {conditions.Each.Length} of {Counted.Of(context.Data.Count, "example")}"
                    + $"{(chain.HasBiases ? "" : ", scaled to unit length")}; C2 for every δ > 0",
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
        TheoryContext context, LayerChain chain, ChainConditions conditions, string? refused);

    private static ImmutableArray<KeyValuePair<string, double>> Conditions(ChainConditions conditions)
    {
        double[] Of(Func<InteractionConditions, double> value) => [.. conditions.Each.Select(value).Where(double.IsFinite)];
        double[] stated = Of(one => one.StatedMu), middle = Of(one => one.MiddleMu), boundary = Of(one => one.BoundaryMu);
        return
        [
            new("mu", conditions.Mu), new("conditionNumber", 1 / conditions.Mu),
            .. stated.Length > 0 ? [new("mu.stated", stated.Min())] : (KeyValuePair<string, double>[])[],
            .. boundary.Length > 0 ? [new("mu.boundary", boundary.Min())] : (KeyValuePair<string, double>[])[],
            .. middle.Length > 0 ? [new("mu.middle", middle.Min())] : (KeyValuePair<string, double>[])[],
            new("C2", conditions.C2), new("C3", conditions.C3),
        ];
    }
}
