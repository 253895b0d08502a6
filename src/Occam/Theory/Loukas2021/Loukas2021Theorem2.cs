using MathNet.Numerics.Statistics;
using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Theorem 2 of Loukas et al. 2021: in a linear region without training points λ(R_x) ≤ (1+γ) β ξ min ‖a ⊙ φ_T‖_1 subject to
/// s(x) = S_T a (see <see cref="EmptyRegionBound"/>). Checked in the empty regions of the plane that the data lie on, or,
/// where they lie on none, in those met on lines through pairs of training points. Where the program is infeasible the
/// theorem says nothing (the paper's black regions). Reported for the region that comes closest to its bound.
/// </summary>
public sealed class Loukas2021Theorem2() : Theorem(
    "bth-theorem-2",
    "Lipschitz constant of empty regions",
    "Loukas et al. 2021, Theorem 2",
    "λ(R_x) ≤ (1+γ) β ξ min ‖a ⊙ φ_T‖₁ subject to s(x) = S_T a, in regions without training points",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (EmptyRegionBound.Of(context, out var why) is not { } bound)
        {
            return Blank with { NotApplicable = why };
        }

        var regions = EmptyRegions.Of(context);
        var (inputs, where, _) = regions;
        if (inputs.Length == 0)
        {
            return Blank with { NotApplicable = $"no empty region was found {where}", Hypotheses = bound.Hypotheses };
        }

        var x = regions.Batch(context);
        var bounds = bound.At(x);
        var lipschitz = LargestLipschitz.At(context, x);
        var says = Enumerable.Range(0, inputs.Length).Where(i => double.IsFinite(bounds[i])).ToArray();
        const string Name = "λ(R_x) ≤ (1+γ) β ξ min ‖a ⊙ φ_T‖₁";
        var closest = says.Length > 0 ? says.MaxBy(i => bounds[i] > 0 || lipschitz[i] > 0 ? lipschitz[i] / bounds[i] : 0) : 0;
        double[] looseness = [.. says.Where(i => lipschitz[i] > 0).Select(i => bounds[i] / lipschitz[i])];
        return Blank with
        {
            Inequalities = says.Length > 0
                ? [Inequality.AtMost($"{Name}, the closest of {says.Length} empty regions", lipschitz[closest], bounds[closest], 1e-6)]
                : [Inequality.NotApplicable(Name, $"infeasible in all {inputs.Length} empty regions: the theorem says nothing about them")],
            Hypotheses = bound.Hypotheses,
            Details =
            [
                new("regions", inputs.Length),
                new("regions.feasible", says.Length),
                new("regions.holding", says.Count(i => lipschitz[i] <= bounds[i] * (1 + 1e-6))),
                new("looseness.median", looseness.Length > 0 ? looseness.Median() : double.NaN),
                new("patterns", bound.Columns),
                new("rows", bound.Rows),
                new("rank", bound.Rank),
                new("factor", bound.Factor),
            ],
            Notes = [$"empty regions {where}"],
        };
    }
}
