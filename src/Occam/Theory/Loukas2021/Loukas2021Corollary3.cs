using Occam.Theory.Parts;
using Occam.Training.Losses;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Corollary 3 of Loukas et al. 2021, at the end of every window of a recorded training with a squared loss:
/// ‖b_1(τ) − b_1(0)‖ ≤ Σ_{t&lt;τ} α_t ε_t λ_t/σ_n. Infinite, and so vacuous, with more units than inputs.
/// </summary>
public sealed class Loukas2021Corollary3() : Theorem(
    "bth-corollary-3",
    "Distance of the first bias to its initialization",
    "Loukas et al. 2021, Corollary 3",
    "‖b₁(τ) − b₁(0)‖ ≤ Σ α_t ε_t λ_t/σ_n",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer | TheoremNeeds.Run)
{
    private const double TrainingRounding = 1e-4;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var run = context.Run!;
        var loss = run.Settings.Loss;
        if (run.BoundsNotApplicable is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        if (loss is not (HalfSquaredError or MeanSquaredError))
        {
            return Blank with { NotApplicable = $"is stated for a squared loss, and the loss was {loss.Id}" };
        }

        if (run.Windows.IsEmpty)
        {
            return Blank with { NotApplicable = "no step was recorded" };
        }

        var layer = FirstLayerGradients.Of(context).Layer;
        var bound = 0.0;
        var sides = run.Windows.Select(window => (Step: window.To, window.Distance, Bound: bound += window.DistanceBound)).ToArray();
        var closest = sides.MaxBy(side => side.Bound > 0 ? side.Distance / side.Bound : 0);
        Inequality Side(string name, (long Step, double Distance, double Bound) side) =>
            Inequality.AtMost(
                $"{name} (step {side.Step}): distance ≤ Σ αελ/σ_n", side.Distance, side.Bound, TrainingRounding,
                FirstLayerBounds.Vacuous(layer));
        return Blank with
        {
            Inequalities = [Side("at the end", sides[^1]), Side("where it is closest", closest)],
            Hypotheses = [FirstLayerBounds.SmallestSingularValue(layer), new("a squared loss", true, loss.Id)],
            Details =
            [
                new("windows", sides.Length),
                new("windows.holding", sides.Count(side => side.Distance <= side.Bound * (1 + TrainingRounding))),
            ],
        };
    }
}
