using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖_F² (Neyshabur et al. 2017, §2.2; the capacity γ⁻² Π_i 4‖W_i‖_F² is in the details). Changes when a unit's
/// weights in and out are scaled against each other, which leaves the function as it is.
/// </summary>
public sealed record L2Norm() : LayerProduct(
    "l2-norm", "ℓ2 norm", "Neyshabur et al. 2017, §2.2",
    "$∏_i ‖W_i‖_F²$ over the layers")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How large the layers’ weights are, multiplied over the layers: how much the network might amplify.";

    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers) =>
        [.. layers.Select(layer => (Math.Sqrt(layer.FrobeniusSquared), Math.Log(4)))];
}
