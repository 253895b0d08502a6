using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i ‖W_i − W_i⁰‖_F² from the weights at initialization (Jiang et al. 2020, eq. 40), batch normalization folded in
/// both. <c>root</c> is the ℓ2 distance. See <see cref="LayerSum"/>.
/// </summary>
public sealed record FrobeniusDistance() : LayerSum(
    "fro-dist", "Frobenius distance from initialization", "Jiang et al. 2020, eq. 40; Dziugaite et al. 2020",
    "$Σ_i ‖W_i − W_i⁰‖_F²$ over the layers", MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning => "How far training has moved the weights of the layers.";

    private protected override ImmutableArray<WeightLayer> Terms(MeasureContext context) => context.WeightsFromInitialization;

    private protected override double Term(WeightLayer layer) => layer.FrobeniusSquared;
}
