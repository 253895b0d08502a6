using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i ‖W_i‖_F² / ‖W_i‖_2², the sum of the layers' stable ranks (Jiang et al. 2020, eq. 33). Spectral norms are of the reshaped
/// matrices; <c>byOperatorNorm</c> has the true operator norms of convolutions there instead. A layer of zeros has rank 0.
/// </summary>
public sealed record FrobeniusOverSpectral() : WeightMeasure(
    "fro-over-spec", "Frobenius over spectral norm", "Jiang et al. 2020, eq. 33; Dziugaite et al. 2020",
    "$Σ_i ‖W_i‖_F²/‖W_i‖_2²$ over the layers")
{
    /// <inheritdoc/>
    public override string Meaning => "In how many directions the layers are about as strong as in their strongest.";

    private protected override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        static double Ratio(WeightLayer layer, double norm) => layer.FrobeniusSquared == 0 ? 0 : layer.FrobeniusSquared / (norm * norm);
        var ratios = WeightLayer.SpectralNorms(layers, context.Options.Cancellation)
            .Zip(layers, (norm, layer) => new LayerValue(layer.Name, Ratio(layer, norm)))
            .ToImmutableArray();
        return Blank with
        {
            Value = ratios.Sum(ratio => ratio.Value),
            Details = LayerOperators.Of(context) is { } operators
                ? [new("byOperatorNorm", layers.Zip(operators, (layer, found) => Ratio(layer, found.Norm)).Sum())]
                : [],
            Layers = ratios,
        };
    }
}
