namespace Occam.Measures.Slope;

/// <summary>
/// A lower bound of the logits' global Lipschitz constant: the largest σ_max(J(x)) found (Loukas et al. 2021,
/// §3.2), first over the data, then uphill from the examples where it is largest. Every value met is a local Lipschitz
/// constant of the function and so a true lower bound; that it is the largest is not claimed.
/// <para>
/// Uphill: along the gradient of ‖uᵀJ(x)‖² with u the top left singular vector. In a piecewise-linear
/// network that gradient is zero almost everywhere, so steps both ways along the top right singular vector and in a random direction
/// are tried too; what improves is kept, what doesn't halves the step.
/// </para>
/// </summary>
public sealed record LipschitzLower() : Measure(
    "lipschitz-lower", "Lipschitz constant, lower bound", "Loukas et al. 2021, §3.2",
    "$max_x σ_max(J(x))$, the largest that was found: on the data, then uphill from there", MeasureNeeds.Data | MeasureNeeds.Derivative)
{
    /// <inheritdoc/>
    public override string Meaning => "How steep the network is at the steepest point that was found.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (context.Options.Values is { IsPart: true })
        {
            return Blank with
            {
                Value = LocalLipschitz.OfLogits(context).Max(),
                Notes = ["on these examples alone: the ascent begins when all are there"],
            };
        }

        var steepest = SteepestPoint.Of(context);
        return Blank with
        {
            Quantity = Uncertain.LowerBound(steepest.Largest),
            Details = steepest.AfterAscent is { } after ? [new("onData", steepest.OnData), new("afterAscent", after)]
                : [new("onData", steepest.OnData)],
            Notes = [.. context.CutWays, steepest.HowFound(context.Options.Seed)],
        };
    }
}
