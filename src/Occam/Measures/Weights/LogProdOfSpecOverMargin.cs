using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (Π_i ‖W_i‖_2² / γ²) (Jiang et al. 2020, eq. 31). See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogProdOfSpecOverMargin : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-prod-of-spec-over-margin";

    /// <inheritdoc/>
    public override string Title => "Log product of spectral norms over margin";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 31; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln of the product over layers of ‖W‖_2², over γ²";

    private protected override bool IsSpectral => true;

    private protected override bool OverMargin => true;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct;
}
