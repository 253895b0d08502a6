
namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-mag-init</c>: ¼ Σ ln((ε² + (σ² + 1)‖w − w⁰‖²/n)/(ε² + σ²(w_i − w_i⁰)²)) + ln(m/σ) + 10 for n weights (Jiang et al.
/// 2020, eq. 56), as printed: the σ is that of perturbations that grow with the weights, and the distances stand in its place. <inheritdoc cref="ErrorFamily"/>
/// </summary>
public sealed class PacBayesMagnitudeInitialization : ErrorFamily
{
    /// <inheritdoc/>
    public override string Id => "pacbayes-mag-init";

    /// <inheritdoc/>
    public override string Title => "PAC-Bayes by magnitude, initial";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => base.Needs | MeasureNeeds.Initial;

    /// <inheritdoc/>
    public override string Definition => "¼ Σ ln((ε² + (σ² + 1)‖w − w⁰‖²/n)/(ε² + σ²(w_i − w_i⁰)²)) + ln(m/σ) + 10";

    /// <inheritdoc/>
    private protected override bool MagnitudeAware => true;

    /// <inheritdoc/>
    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples)
    {
        var moved = weights.FromInitialization(context.Subject.Initial!);
        return Aware(moved, moved, sigma, examples);
    }
}
