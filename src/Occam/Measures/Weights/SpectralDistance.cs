using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i ‖W_i − W_i⁰‖_2² from the weights at initialization, convolutions as reshaped matrices (Jiang et al. 2020, eq. 41),
/// batch normalization folded in both. See <see cref="LayerSum"/>.
/// </summary>
public sealed record SpectralDistance() : LayerSum(
    "dist-spec-init", "Spectral distance from initialization", "Jiang et al. 2020, eq. 41; Dziugaite et al. 2020",
    "$Σ_i ‖W_i − W_i⁰‖_2²$ over the layers", MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning => "How far training has moved the layers, by the direction of each that has moved most.";

    private protected override ImmutableArray<WeightLayer> Terms(MeasureContext context)
    {
        var layers = context.WeightsFromInitialization;
        WeightLayer.SpectralNorms([.. layers.DistinctBy(layer => layer.Tensors)], context.Options.Cancellation);
        return layers;
    }

    private protected override double Term(WeightLayer layer) => layer.Spectral * layer.Spectral;
}
