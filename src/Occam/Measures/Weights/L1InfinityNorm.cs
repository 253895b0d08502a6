using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖²_{1,∞}, ‖W‖_{1,∞} being the largest ℓ1 norm of the weights that come into a unit (Neyshabur et al. 2017,
/// §2.2, after Bartlett &amp; Mendelson 2002). Π_i ‖W_i‖_{1,∞} bounds the Lipschitz constant in ℓ∞. The capacity has a 2 for
/// each layer, as that of the ℓ1 path norm, its least value under rescaling of units.
/// </summary>
public sealed record L1InfinityNorm() : LayerProduct(
    "l1-infinity-norm", "ℓ1,∞ norm", "Neyshabur et al. 2017, §2.2",
    "$∏_i ‖W_i‖_{1,∞}²$ over the layers: the largest ℓ1 norm of a unit’s incoming weights, squared")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How large the weights are that come into the largest unit of each layer, multiplied over the layers.";

    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers) =>
        [.. layers.Select(layer => (layer.GroupNorm(1, double.PositiveInfinity), Math.Log(4)))];
}
