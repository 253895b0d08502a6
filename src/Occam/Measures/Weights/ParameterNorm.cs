using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i ‖W_i‖_F² (Jiang et al. 2020, eq. 42): the weights without biases. <c>root</c> is the ℓ2 norm of all of them.
/// See <see cref="LayerSum"/>.
/// </summary>
public sealed record ParameterNorm() : LayerSum(
    "param-norm", "Parameter norm", "Jiang et al. 2020, eq. 42; Dziugaite et al. 2020",
    "$Σ_i ‖W_i‖_F²$ over the layers")
{
    /// <inheritdoc/>
    public override string Meaning => "How large the weights of the layers are.";

    private protected override ImmutableArray<WeightLayer> Terms(MeasureContext context) => context.WeightLayers.All;

    private protected override double Term(WeightLayer layer) => layer.FrobeniusSquared;
}
