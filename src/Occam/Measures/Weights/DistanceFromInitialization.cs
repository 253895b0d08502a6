using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// How far the weights moved from where they began, Σ_i ‖W_i − W_i⁰‖_F² over the layers (Jiang et al. 2020, Appendix C.3), batch
/// normalization folded in both networks. In the details the sum of squared spectral norms, the logarithms of both products over
/// layers, and the distance relative to ‖W⁰‖, by its square root.
/// </summary>
public sealed record DistanceFromInitialization() : WeightMeasure(
    "distance-from-initialization", "Distance from initialization", "Jiang et al. 2020, eq. 40 and 41",
    "$Σ_i ‖W_i − W_i⁰‖_F²$ over the layers; spectral norms and products beside it", MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning => "How far training has moved the weights.";

    private protected override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        WeightLayer[] changes = [.. context.WeightsFromInitialization.DistinctBy(layer => layer.Tensors)];
        var spectral = WeightLayer.SpectralNorms(changes, context.Options.Cancellation);
        var sum = changes.Sum(change => change.FrobeniusSquared);
        return Blank with
        {
            Value = sum,
            Details =
            [
                new("distance", Math.Sqrt(sum)),
                new("relative", Math.Sqrt(sum / layers.DistinctBy(layer => layer.Tensors).Sum(layer => layer.FrobeniusSquared))),
                new("spectralSum", spectral.Sum(norm => norm * norm)),
                .. changes.Any(change => change.FrobeniusSquared == 0)
                    ? Array.Empty<KeyValuePair<string, double>>()
                    : [new("lnFrobeniusProduct", changes.Sum(change => Math.Log(change.FrobeniusSquared))), new(
                        "lnSpectralProduct", spectral.Sum(norm => 2 * Math.Log(norm)))],
            ],
            Layers = [.. changes.Select(change => new LayerValue(change.Name, change.FrobeniusSquared))],
            Notes = changes.Where(change => change.FrobeniusSquared == 0)
                .Select(change => $"the weights of '{change.Name}' are where they began: no product over layers has a logarithm")
                .ToImmutableArray(),
        };
    }
}
