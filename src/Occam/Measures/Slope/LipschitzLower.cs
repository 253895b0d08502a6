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
    private const int Starts = 8;
    private const int Rounds = 12;

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var onData = LocalLipschitz.OfLogits(context);
        if (context.Options.Values is { IsPart: true })
        {
            return Blank with { Value = onData.Max(), Notes = ["on these examples alone: the ascent begins when all are there"] };
        }

        if (LocalLipschitz.IsIterated(context))
        {
            return Blank with
            {
                Quantity = Uncertain.LowerBound(onData.Max()),
                Details = [new("onData", onData.Max())],
                Notes = [.. context.CutWays, "on the data alone: Jacobians of so many rows are not computed, which the ascent would need"],
            };
        }

        var starts = Enumerable.Range(0, onData.Length).OrderByDescending(i => onData[i]).Take(Starts).ToArray();
        var climb = new LipschitzAscent(context, starts, [.. starts.Select(i => onData[i])]);
        for (var round = 0; round < Rounds; round++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            climb.Step();
            context.Options.Progress?.Invoke((round + 1.0) / Rounds);
        }

        return Blank with
        {
            Quantity = Uncertain.LowerBound(Math.Max(climb.Best, onData.Max())),
            Details = [new("onData", onData.Max()), new("afterAscent", climb.Best)],
            Notes =
            [
                .. context.CutWays,
                $"ascent: {Rounds} rounds from the {starts.Length} steepest examples (seed {context.Options.Seed})",
            ],
        };
    }
}
