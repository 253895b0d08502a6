using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i ‖W_i − W_i⁰‖_F² from the weights at initialization (Jiang et al. 2020, eq. 40), batch normalization folded in
/// both. <c>root</c> is the ℓ2 distance. See <see cref="LayerSum"/>.
/// </summary>
public sealed class FrobeniusDistance : LayerSum
{
    /// <inheritdoc/>
    public override string Id => "fro-dist";

    /// <inheritdoc/>
    public override string Title => "Frobenius distance from initialization";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 40; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "sum over layers of ‖W − W⁰‖_F²";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Graph | MeasureNeeds.Initial;

    private protected override ImmutableArray<WeightLayer> Terms(MeasureContext context) => context.WeightsFromInitialization;

    private protected override double Term(WeightLayer layer) => layer.FrobeniusSquared;
}
