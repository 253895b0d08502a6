using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-mag-orig</c>: ¼ Σ ln((ε² + (σ² + 1)‖w‖²/n)/(ε² + σ²w_i²)) + ln(m/σ) + 10 for n weights (Jiang et al. 2020, eq. 57), with the
/// weight in the denominator, where published code has the distance from initialization: the posterior's variance is σ²w_i² + ε². <inheritdoc cref="ErrorFamily"/>
/// </summary>
public sealed class PacBayesMagnitudeOrigin : ErrorFamily
{
    /// <inheritdoc/>
    public override string Id => "pacbayes-mag-orig";

    /// <inheritdoc/>
    public override string Title => "PAC-Bayes by magnitude, origin";

    /// <inheritdoc/>
    public override string Definition => "¼ Σ ln((ε² + (σ² + 1)‖w‖²/n)/(ε² + σ²w_i²)) + ln(m/σ) + 10";

    /// <inheritdoc/>
    private protected override bool MagnitudeAware => true;

    /// <inheritdoc/>
    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Aware(weights.Origin.To(ScalarType.Float64), weights.Origin.To(ScalarType.Float64), sigma, examples);
}
