namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-mag-flatness</c>: 1/σ² of the magnitude-aware perturbations (Jiang et al. 2020, eq. 61). <inheritdoc cref="ErrorFamily"/>
/// </summary>
public sealed class PacBayesMagnitudeFlatness : ErrorFamily
{
    /// <inheritdoc/>
    public override string Id => "pacbayes-mag-flatness";

    /// <inheritdoc/>
    public override string Title => "PAC-Bayes flatness by magnitude";

    /// <inheritdoc/>
    public override string Definition => "1/σ², perturbations N(0, σ²w_i² + ε²) raising the training error by 0.1";

    /// <inheritdoc/>
    private protected override bool MagnitudeAware => true;

    /// <inheritdoc/>
    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        1 / (sigma * sigma);
}
