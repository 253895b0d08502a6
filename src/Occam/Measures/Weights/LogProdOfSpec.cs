using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln Π_i ‖W_i‖_2² (Jiang et al. 2020, eq. 32). See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogProdOfSpec : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-prod-of-spec";

    /// <inheritdoc/>
    public override string Title => "Log product of spectral norms";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 32; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln of the product over layers of ‖W‖_2²";

    private protected override bool IsSpectral => true;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct;
}
