using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (Π_i ‖W_i‖_2² · Σ_j ‖W_j − W_j⁰‖_F²/‖W_j‖_2² / γ²): the main term of the spectrally normalized bound with the
/// weights at initialization as reference (Jiang et al. 2020, eq. 29). See <see cref="LogNorm"/>.
/// </summary>
public sealed record LogSpecInitMain() : LogNorm(
    "log-spec-init-main", "Spectrally normalized bound, from initialization", "eq. 29",
    "$ln({∏_i ‖W_i‖_2² Σ_j ‖W_j − W_j⁰‖_F²/‖W_j‖_2²}/γ²)$ over the layers", isSpectral: true, overMargin: true, needs: MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "What a bound on the error pays for how much the layers amplify and how far training has moved them, as a "
            + "logarithm.";

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct + Math.Log(context.WeightsFromInitialization.Zip(squares, (change, square) => change.FrobeniusSquared / square).Sum());
}
