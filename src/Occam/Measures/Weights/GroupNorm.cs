using System.Collections.Immutable;
using System.Globalization;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖²_{p,q}: ℓ_q over a layer's units of the ℓ_p norms of their incoming weights (Neyshabur et al. 2015; Neyshabur
/// et al. 2017, §2.2), p = 2 and q = ∞ unless others are asked for. The capacity's term for each layer is
/// 4 h^(2·max(0, 1 − 1/p − 1/q)) (Neyshabur et al. 2015, Theorem 1): 4 for p = q = 2 and for (1, ∞), 4h for (2, ∞).
/// </summary>
public sealed record GroupNorm() : LayerProduct(
    "group-norm", "Group norm", "Neyshabur et al. 2017, §2.2",
    "product over layers of ‖W‖²_{p,q}: ℓ_q over units of the ℓ_p norms of incoming weights")
{
    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var (p, q) = context.Options.GroupNorm;
        var exponent = 2 * Math.Max(0, 1 - (1 / p) - (1 / q));
        return [.. layers.Select(layer => (layer.GroupNorm(p, q), Math.Log(4) + (exponent * Math.Log(layer.Units))))];
    }

    private protected override IEnumerable<string> Notes(MeasureContext context) =>
        [string.Create(CultureInfo.InvariantCulture, $"p = {context.Options.GroupNorm.P:G6}, q = {context.Options.GroupNorm.Q:G6}")];
}
