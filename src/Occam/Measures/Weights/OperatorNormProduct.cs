using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖L_i‖_2², L_i the layer as the linear map that it is: for a convolution at its input size, stride and padding
/// (Neyshabur et al. 2017, §2.2 with W_i the matrix of the whole layer; h_i are all units of it). Norms of convolutions come
/// from Lanczos iteration with the residual added, so that they bound from above. Π_i ‖L_i‖_2 bounds the Lipschitz constant of
/// a network whose layers follow one another; <c>lipschitz-upper</c> also composes branches and poolings.
/// </summary>
public sealed record OperatorNormProduct() : LayerProduct(
    "operator-norm", "Spectral norm, true operators", "Neyshabur et al. 2017, §2.2 and §2.3",
    "$∏_i ‖L_i‖_2²$, $L_i$ a layer as a linear map: a convolution at its true input size")
{
    /// <inheritdoc/>
    public override string Meaning => "How much the layers can amplify, as the linear maps that they are, multiplied over the layers.";

    private protected override (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers) =>
        LayerOperators.Of(context)?.Select(layer => (layer.Norm, Math.Log(layer.Outputs))).ToArray();

    private protected override IEnumerable<double>? Slacks(MeasureContext context) =>
        LayerOperators.Of(context)?.Select(layer => layer.Slack);
}
