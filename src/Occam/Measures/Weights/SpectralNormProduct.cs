using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖_2² with W_i the reshaped matrix (Neyshabur et al. 2017, §2.2; capacity γ⁻² Π_i h_i‖W_i‖_2², h_i the rows of W_i).
/// Of a convolution the reshaped matrix has no bound to offer: its norm may be smaller than that of the operator, which
/// <c>operator-norm</c> takes; of a dense layer both are the same.
/// </summary>
public sealed record SpectralNormProduct() : LayerProduct(
    "spectral-norm", "Spectral norm, reshaped matrices", "Neyshabur et al. 2017, §2.2",
    "$∏_i σ_max(W_i)²$ over the layers, a convolution’s weights as a matrix out × (in · window)")
{
    /// <inheritdoc/>
    public override string Meaning => "How much the layers’ matrices can amplify, multiplied over the layers.";

    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers) =>
    [
        .. WeightLayer.SpectralNorms(layers, context.Options.Cancellation)
            .Zip(layers, (norm, layer) => (norm, Math.Log(layer.Units))),
    ];
}
