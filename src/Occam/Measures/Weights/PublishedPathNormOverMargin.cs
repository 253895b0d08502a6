namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i f_{w²}(1)[i] / γ² (Jiang et al. 2020, eq. 43): <c>path-norm</c> over the square of the margin's 5th percentile.
/// </summary>
public sealed record PublishedPathNormOverMargin() : Measure(
    "path-norm-over-margin", "Path norm of published code over margin", "Jiang et al. 2020, eq. 43; Dziugaite et al. 2020",
    "$Σ_i f_i(1; w²)/γ²$, path-norm over the squared margin", MeasureNeeds.Graph | MeasureNeeds.Data | MeasureNeeds.Labels)
{
    /// <inheritdoc/>
    public override string Meaning => "How much all paths let through together, for the margin that they make.";

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    public override string WhyNotHolding => PublishedPathNorm.OfOnes;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var margin = MarginNormalization.Margin(context);
        return MarginNormalization.Why(margin) is { } why
            ? Blank with { NotApplicable = why }
            : Blank with { Value = PublishedPathNorm.Of(context) / (margin * margin), Details = [new("margin", margin!.Value)] };
    }
}
