using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (Π_i ‖W_i‖_2² · Σ_j ‖W_j‖_F²/‖W_j‖_2² / γ²): the main term of the spectrally normalized bound with the origin as
/// reference (Jiang et al. 2020, eq. 30). See <see cref="LogNorm"/>.
/// </summary>
public sealed record LogSpecOrigMain() : LogNorm(
    "log-spec-orig-main", "Spectrally normalized bound, from the origin", "eq. 30",
    "$ln({∏_i ‖W_i‖_2² Σ_j ‖W_j‖_F²/‖W_j‖_2²}/γ²)$ over the layers", isSpectral: true, overMargin: true)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "What a bound on the error pays for how much the layers amplify and in how many directions, as a logarithm.";

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct + Math.Log(layers.Zip(squares, (layer, square) => layer.FrobeniusSquared / square).Sum());
}
