using MathNet.Numerics.Statistics;
using Occam.Derivatives;
using Occam.Measures.Regions;
using Occam.Theory.Parts;
using Occam.Torch;

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
    private const int MostRegions = 400;
    private const int MostCells = 200_000;
    private const int Draws = 2000;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (EmptyRegionBound.Of(context, out var why) is not { } bound)
        {
            return Blank with { NotApplicable = why };
        }

        var (inputs, where) = EmptyRegions(context);
        if (inputs.Length == 0)
        {
            return Blank with { NotApplicable = $"no empty region was found {where}", Hypotheses = bound.Hypotheses };
        }

        var x = Tensor.FromArray(inputs.SelectMany(input => input).ToArray(), [inputs.Length, .. context.Measures.ExampleShape]);
        var bounds = bound.At(x);
        var lipschitz = LipschitzAt(context, x);
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

    private static double[] LipschitzAt(TheoryContext context, Tensor x)
    {
        using var grad = Libtorch.NoGrad();
        var logits = context.Network.Forward(x).ToArray<double>();
        var norms = new InputJacobian(context.Network, context.Measures.Inputs, 1).SquaredNorms(x);
        return [.. logits.Zip(norms, (logit, norm) => context.Output(logit).Slope * Math.Sqrt(norm))];
    }

    private static (double[][] Inputs, string Where) EmptyRegions(TheoryContext context)
    {
        if (DataPlane.Of(context.Data, context.Measures.ExampleShape) is { BoundingBox: { } box } plane
            && RegionArrangement.TryOf(
                context.Network, plane.Slice, box, plane.Points, MostCells, context.Measures.Options.Cancellation) is { } arrangement)
        {
            var empty = arrangement.Cells.Where(cell => cell.Points.IsEmpty).ToArray();
            var every = Math.Max(1, (empty.Length + MostRegions - 1) / MostRegions);
            return (
                [.. empty.Where((_, i) => i % every == 0).Select(cell => plane.Slice.Input(cell.Polygon.Centroid))],
                $"on the plane of the data: {(every == 1 ? "all" : $"one in {every} of")} {empty.Length}");
        }

        return (OnLines(context), "met on lines through random pairs of training points");
    }

    private static double[][] OnLines(TheoryContext context)
    {
        var (data, random) = (context.Data, new SeededRandom(context.Measures.Options.Seed));
        var patterns = ActivationPatterns.Of(context.Network);
        var seen = ActivationPatterns.OfData(context.Measures).ToHashSet();
        List<double[]> found = [];
        for (var draw = 0; draw < Draws && found.Count < MostRegions && data.Count > 1; draw++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var ends = new double[2 * data.ExampleSize];
            data.CopyInputs(random.Choose(2, data.Count), ends);
            var at = random.NextDouble(-0.5, 1.5);
            double[] input =
                [.. Enumerable.Range(0, data.ExampleSize).Select(i => ends[i] + (at * (ends[data.ExampleSize + i] - ends[i])))];
            if (seen.Add(patterns.Digests(Tensor.FromArray(input, [1, .. context.Measures.ExampleShape]))[0]))
            {
                found.Add(input);
            }
        }

        return [.. found];
    }
}
