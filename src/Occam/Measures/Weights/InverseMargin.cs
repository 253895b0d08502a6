namespace Occam.Measures.Weights;

/// <summary>
/// 1/γ², γ the 5th percentile of the margins (Jiang et al. 2020, eq. 22, which takes the 10th). No value where γ is not
/// positive; the published code takes |γ|.
/// </summary>
public sealed record InverseMargin() : Measure(
    "inverse-margin", "Inverse squared margin", "Jiang et al. 2020, eq. 22; Dziugaite et al. 2020",
    "$1/γ²$, $γ$ the 5th percentile of the margins", MeasureNeeds.Data | MeasureNeeds.Labels)
{
    /// <inheritdoc/>
    public override string Meaning => "How narrow the margins are: bounds on the error grow with it.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var margin = MarginNormalization.Margin(context);
        return MarginNormalization.Why(margin) is { } why
            ? Blank with { NotApplicable = why }
            : Blank with { Value = 1 / (margin * margin), Details = [new("margin", margin!.Value)] };
    }
}
