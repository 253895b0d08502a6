namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-init</c>: ‖w − w⁰‖²/(4σ²) + ln(m/σ) + 10 (Jiang et al. 2020, eq. 48). <inheritdoc cref="ErrorFamily"/>
/// </summary>
public sealed class PacBayesInitialization : ErrorFamily
{
    /// <inheritdoc/>
    public override string Id => "pacbayes-init";

    /// <inheritdoc/>
    public override string Title => "PAC-Bayes, prior at initialization";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => base.Needs | MeasureNeeds.Initial;

    /// <inheritdoc/>
    public override string Definition => "‖w − w⁰‖²/(4σ²) + ln(m/σ) + 10, σ raising the training error by 0.1";

    /// <inheritdoc/>
    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Spherical(weights.FromInitialization(context.Subject.Initial!), sigma, examples);
}
