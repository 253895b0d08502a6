using Occam.Measures.Weights;

namespace Occam.Measures.Slope;

/// <summary>
/// Geometric complexity over the squared margin, GC/γ², γ the 5th percentile of the margins, as the capacities of Neyshabur et al. 2017
/// have it. The margin bound of Munn, Dherin and Gonzalvo 2023 (Theorem 1.1) grows with √(GC ρ/δ)/γ, ρ the Poincaré constant of the inputs'
/// distribution, which isn't known of data; the theorem <c>munn-margin</c> has both of its sides.
/// <para>
/// Logits, evaluation mode, exact or estimated as <c>geometric-complexity</c>. No value where γ isn't positive.
/// </para>
/// </summary>
public sealed record ComplexityOverMargin() : Measure(
    "complexity-over-margin", "Geometric complexity over squared margin", "Munn, Dherin and Gonzalvo 2023, Theorem 1.1",
    "$1/(γ²|D|) Σ_{x∈D} ‖J(x)‖_F²$, $γ$ the 5th percentile of the margins",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Derivative)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How steep the network is for the margin by which it tells classes apart: what a bound on its error asks for.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var margin = MarginNormalization.Margin(context);
        if (MarginNormalization.Why(margin) is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        var (norms, γ) = (GeometricComplexity.SquaredNorms(context), margin!.Value);
        return Blank with
        {
            Quantity = norms.Mean * (1 / (γ * γ)),
            Details = [new("margin", γ), new("complexity", norms.Mean.Value)],
            Notes = [.. norms.Notes, .. context.CutWays],
        };
    }
}
