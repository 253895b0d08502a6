using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i ‖W_i − W_i⁰‖_2² from the weights at initialization, convolutions as reshaped matrices (Jiang et al. 2020, eq. 41),
/// batch normalization folded in both. See <see cref="LayerSum"/>.
/// </summary>
public sealed class SpectralDistance : LayerSum
{
    /// <inheritdoc/>
    public override string Id => "dist-spec-init";

    /// <inheritdoc/>
    public override string Title => "Spectral distance from initialization";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 41; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "sum over layers of ‖W − W⁰‖_2²";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Graph | MeasureNeeds.Initial;

    private protected override ImmutableArray<WeightLayer> Terms(MeasureContext context) => context.WeightsFromInitialization;

    private protected override double Term(WeightLayer layer) => layer.Spectral * layer.Spectral;
}
