namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-flatness</c>: 1/σ² (Jiang et al. 2020, eq. 53). <inheritdoc cref="ErrorFamily"/>
/// </summary>
public sealed class PacBayesFlatness : ErrorFamily
{
    /// <inheritdoc/>
    public override string Id => "pacbayes-flatness";

    /// <inheritdoc/>
    public override string Title => "PAC-Bayes flatness";

    /// <inheritdoc/>
    public override string Definition => "1/σ², σ raising the training error by 0.1";

    /// <inheritdoc/>
    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        1 / (sigma * sigma);
}
