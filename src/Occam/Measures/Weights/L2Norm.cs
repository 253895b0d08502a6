using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖_F² (Neyshabur et al. 2017, §2.2; the capacity γ⁻² Π_i 4‖W_i‖_F² is in the details). Changes when a unit's
/// weights in and out are scaled against each other, which leaves the function as it is.
/// </summary>
public sealed class L2Norm : LayerProduct
{
    /// <inheritdoc/>
    public override string Id => "l2-norm";

    /// <inheritdoc/>
    public override string Title => "ℓ2 norm";

    /// <inheritdoc/>
    public override string Source => "Neyshabur et al. 2017, §2.2";

    /// <inheritdoc/>
    public override string Definition => "product over layers of ‖W‖_F²";

    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers) =>
        [.. layers.Select(layer => (Math.Sqrt(layer.FrobeniusSquared), Math.Log(4)))];
}
