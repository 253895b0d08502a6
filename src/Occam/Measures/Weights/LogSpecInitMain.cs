using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (Π_i ‖W_i‖_2² · Σ_j ‖W_j − W_j⁰‖_F²/‖W_j‖_2² / γ²): the main term of the spectrally normalized bound with the
/// weights at initialization as reference (Jiang et al. 2020, eq. 29). See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogSpecInitMain : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-spec-init-main";

    /// <inheritdoc/>
    public override string Title => "Spectrally normalized bound, from initialization";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 29; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln (product of ‖W‖_2² · sum of ‖W − W⁰‖_F²/‖W‖_2² / γ²)";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => base.Needs | MeasureNeeds.Initial;

    private protected override bool IsSpectral => true;

    private protected override bool OverMargin => true;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct + Math.Log(context.WeightsFromInitialization.Zip(squares, (change, square) => change.FrobeniusSquared / square).Sum());
}
