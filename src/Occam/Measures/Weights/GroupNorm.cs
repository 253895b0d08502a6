using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖²_{p,q}: ℓ_q over a layer's units of the ℓ_p norms of their incoming weights (Neyshabur et al. 2015; Neyshabur
/// et al. 2017, §2.2). The capacity's term for each layer is
/// 4 h^(2·max(0, 1 − 1/p − 1/q)) (Neyshabur et al. 2015, Theorem 1): 4 for p = q = 2 and for (1, ∞), 4h for (2, ∞).
/// </summary>
/// <param name="P">p, the norm of a unit's incoming weights: at least 1, possibly infinite.</param>
/// <param name="Q">q, the norm over the units: at least 1, possibly infinite.</param>
public sealed record GroupNorm(double P = 2, double Q = double.PositiveInfinity) : LayerProduct(
    "group-norm", "Group norm", "Neyshabur et al. 2017, §2.2",
    "$∏_i ‖W_i‖_{p,q}²$ over the layers: $ℓ_q$ over units of the $ℓ_p$ norms of incoming weights")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How large the layers’ weights are, unit by unit, multiplied over the layers: how much the network might amplify.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(P >= 1 && Q >= 1, $"a group norm with p = {P} and q = {Q}", "numbers of at least 1, or infinity");

    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var exponent = 2 * Math.Max(0, 1 - (1 / P) - (1 / Q));
        return [.. layers.Select(layer => (layer.GroupNorm(P, Q), Math.Log(4) + (exponent * Math.Log(layer.Units))))];
    }

    private protected override IEnumerable<string> Notes(MeasureContext context) =>
        [$"p = {Numbers.Format(P, 6)}, q = {Numbers.Format(Q, 6)}"];
}
