namespace Occam.Measures.Weights;

/// <summary>
/// Σ_i f_{w²}(1)[i] / γ² (Jiang et al. 2020, eq. 43): <c>path-norm</c> over the square of the margin's 5th percentile.
/// </summary>
public sealed class PublishedPathNormOverMargin : Measure
{
    /// <inheritdoc/>
    public override string Id => "path-norm-over-margin";

    /// <inheritdoc/>
    public override string Title => "Path norm of published code over margin";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 43; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "path-norm / γ²";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Graph | MeasureNeeds.Data | MeasureNeeds.Labels;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var margin = MarginNormalization.Margin(context);
        return MarginNormalization.Why(margin) is { } why
            ? Blank with { NotApplicable = why }
            : Blank with { Value = PublishedPathNorm.Of(context) / (margin * margin), Details = [new("margin", margin!.Value)] };
    }
}
