using Occam.Measures.Sharpness;

namespace Occam.Measures.Curvature;

/// <summary>
/// Critical sharpness λ_c = 2/η_c (Kalra et al. 2026): η_c is the smallest step of gradient descent on all data that raises the loss,
/// L(w − η ∇L) &gt; L(w). Given the gradient it takes forward passes alone, a dozen or so. Where the loss is quadratic it is the
/// curvature along the gradient, ∇LᵀH∇L/‖∇L‖², and never above the largest eigenvalue. The value is in the middle of the interval that the
/// search came to; the residual is half of it. A rise that is over between two steps tried isn't seen.
/// </summary>
/// <param name="Tolerance">How small a part of η_c the interval at the end may be.</param>
public sealed record CriticalSharpness(double Tolerance = 0.01) : CurvatureMeasure(
    "critical-sharpness", "Critical sharpness", "Kalra et al. 2026",
    "$2/η_c$, $η_c$ the smallest step with $L(w − η ∇L) > L(w)$")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How short the longest step down the gradient is that doesn’t raise the loss: large where training has to go "
            + "slowly.";

    /// <inheritdoc/>
    public override string? Problem() => Unless(Tolerance is > 0 and < 1, $"a tolerance of {Tolerance}", "a number between 0 and 1");

    private protected override WeightUse Use => WeightUse.Moved;

    private protected override int Vectors(long size) => 2;

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        var (gradient, own) = loss.Gradient();
        var square = WideSum.OfProducts(gradient, gradient);
        if (!(square > 0 && double.IsFinite(square) && double.IsFinite(own)))
        {
            return Blank with
            {
                NotApplicable = $"needs a direction to go, and the gradient's squared length is {Numbers.Format(square, 3)}",
            };
        }

        double At(double step)
        {
            loss.Weights.MoveBy(gradient, -step, null);
            return loss.AtPoint();
        }

        // The gradient was summed batch by batch as the losses are: where nothing moves, the loss is what it was.
        own = At(0);
        var found = CriticalStep.Search(At, own, (own > 0 ? own : 1) / square, Tolerance);
        loss.Weights.Return();
        if (found is not { Low: var low, High: var high, Evaluations: var evaluations })
        {
            return Blank with { NotApplicable = "needs a step that raises the loss after smaller ones didn't, and none was found" };
        }

        return Blank with
        {
            Quantity = Uncertain.Iterated((1 / low) + (1 / high), (1 / low) - (1 / high)),
            Details = [new("step", (low + high) / 2), new("loss", own), new("slope", square), new("passes", evaluations)],
            Notes = [$"{evaluations} passes over all data beside the gradient"],
        };
    }
}
