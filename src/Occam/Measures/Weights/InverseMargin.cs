namespace Occam.Measures.Weights;

/// <summary>
/// 1/γ², γ the 5th percentile of the margins (Jiang et al. 2020, eq. 22, which takes the 10th). No value where γ is not
/// positive; the published code takes |γ|.
/// </summary>
public sealed class InverseMargin : Measure
{
    /// <inheritdoc/>
    public override string Id => "inverse-margin";

    /// <inheritdoc/>
    public override string Title => "Inverse squared margin";

    /// <inheritdoc/>
    public override string Source => "Jiang et al. 2020, eq. 22; Dziugaite et al. 2020";

    /// <inheritdoc/>
    public override string Definition => "1/γ²";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Data | MeasureNeeds.Labels;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var margin = MarginNormalization.Margin(context);
        return MarginNormalization.Why(margin) is { } why
            ? Blank with { NotApplicable = why }
            : Blank with { Value = 1 / (margin * margin), Details = [new("margin", margin!.Value)] };
    }
}
