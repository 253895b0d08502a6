using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (d (Π_i ‖W_i‖_2²)^(1/d)) (Jiang et al. 2020, eq. 35): the sum over the layers after
/// units were rescaled so that all d layers have the same norm. See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogSumOfSpec : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-sum-of-spec";

    /// <inheritdoc/>
    public override string Title => "Log sum of spectral norms";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 35; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln (d · (product over d layers of ‖W‖_2²)^(1/d))";

    private protected override bool IsSpectral => true;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        Math.Log(layers.Length) + (lnProduct / layers.Length);
}
