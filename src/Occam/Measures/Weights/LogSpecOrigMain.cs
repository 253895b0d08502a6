using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (Π_i ‖W_i‖_2² · Σ_j ‖W_j‖_F²/‖W_j‖_2² / γ²): the main term of the spectrally normalized bound with the origin as
/// reference (Jiang et al. 2020, eq. 30). See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogSpecOrigMain : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-spec-orig-main";

    /// <inheritdoc/>
    public override string Title => "Spectrally normalized bound, from the origin";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 30; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln (product of ‖W‖_2² · sum of ‖W‖_F²/‖W‖_2² / γ²)";

    private protected override bool IsSpectral => true;

    private protected override bool OverMargin => true;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct + Math.Log(layers.Zip(squares, (layer, square) => layer.FrobeniusSquared / square).Sum());
}
