using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-orig</c>: ‖w‖²/(4σ²) + ln(m/σ) + 10 (Jiang et al. 2020, eq. 49). <inheritdoc cref="ErrorFamily"/>
/// </summary>
public sealed class PacBayesOrigin : ErrorFamily
{
    /// <inheritdoc/>
    public override string Id => "pacbayes-orig";

    /// <inheritdoc/>
    public override string Title => "PAC-Bayes, prior at the origin";

    /// <inheritdoc/>
    public override string Definition => "‖w‖²/(4σ²) + ln(m/σ) + 10, σ raising the training error by 0.1";

    /// <inheritdoc/>
    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Spherical(weights.Origin.To(ScalarType.Float64), sigma, examples);
}
