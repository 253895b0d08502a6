using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln Π_i ‖W_i‖_F² (Jiang et al. 2020, eq. 37). See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogProdOfFro : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-prod-of-fro";

    /// <inheritdoc/>
    public override string Title => "Log product of Frobenius norms";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 37; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln of the product over layers of ‖W‖_F²";

    private protected override bool IsSpectral => false;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        lnProduct;
}
