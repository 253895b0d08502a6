using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (d (Π_i ‖W_i‖_F²)^(1/d)) (Jiang et al. 2020, eq. 39): the sum over the layers after
/// units were rescaled so that all d layers have the same norm. See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogSumOfFro : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-sum-of-fro";

    /// <inheritdoc/>
    public override string Title => "Log sum of Frobenius norms";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 39; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln (d · (product over d layers of ‖W‖_F²)^(1/d))";

    private protected override bool IsSpectral => false;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        Math.Log(layers.Length) + (lnProduct / layers.Length);
}
