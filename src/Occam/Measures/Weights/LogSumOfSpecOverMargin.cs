using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// ln (d (Π_i ‖W_i‖_2² / γ²)^(1/d)) (Jiang et al. 2020, eq. 34). See <see cref="LogNorm"/>.
/// </summary>
public sealed class LogSumOfSpecOverMargin : LogNorm
{
    /// <inheritdoc/>
    public override string Id => "log-sum-of-spec-over-margin";

    /// <inheritdoc/>
    public override string Title => "Log sum of spectral norms over margin";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 34; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "ln (d · (product over d layers of ‖W‖_2² / γ²)^(1/d))";

    private protected override bool IsSpectral => true;

    private protected override bool OverMargin => true;

    private protected override double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        Math.Log(layers.Length) + (lnProduct / layers.Length);
}
