using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// The mean over the layers of the effective rank exp(−Σ p_i ln p_i), p_i = σ_i/Σ σ_j (Roy and Vetterli 2007, Definition 1): between 1 and
/// the rank, and equal to it where all singular values are alike. Each stored tensor once; convolutions by reshaped matrices. In
/// float64, exact. The stable rank ‖W‖_F²/σ_max² of each layer stands in <c>fro-over-spec</c>.
/// </summary>
public sealed record EffectiveRank() : WeightMeasure(
    "effective-rank", "Effective rank, mean", "Roy and Vetterli 2007, Def. 1",
    "$1/d Σ_i exp(−Σ_k p_k ln p_k)$ over the $d$ layers, $p_k = σ_k/{Σ_j σ_j}$")
{
    /// <inheritdoc/>
    public override string Meaning => "How many directions a layer’s weights make full use of, on average over the layers.";

    private protected override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        ImmutableArray<LayerValue> ranks =
            [.. WeightSpectrum.Of(context).Select(spectrum => new LayerValue(
                spectrum.Layer.Name, WeightSpectrum.EffectiveRank(spectrum.Eigenvalues)))];
        return Blank with
        {
            Value = ranks.Average(rank => rank.Value),
            Details = [new("layers", ranks.Length)],
            Layers = ranks,
            Notes = ["by layer: exp(−Σ p ln p), at most the matrix's smaller side"],
        };
    }
}
