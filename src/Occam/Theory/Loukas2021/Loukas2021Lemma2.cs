using MathNet.Numerics.Statistics;
using Occam.Derivatives;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Lemma 2 (Appendix B.6) of Loukas et al. 2021: where the activations at x are a combination a of those at training points, eq. 9,
/// λ(R_x) ≤ (1+γ) Σ |a(k)| |S_d(x)|/|S_d(x^(k))| λ(R_{x^(k)}), S_d the slope of the sigmoid, or 1 without. Of all a the one with the
/// least right side is taken, by a linear program. Checked in the regions of <see cref="Loukas2021Theorem2"/>; there, too, what the
/// proof rests on: that ∇z(x) = Σ a(k) ∇z(x^(k)) for the logit z.
/// </summary>
public sealed class Loukas2021Lemma2() : Theorem(
    "bth-lemma-2",
    "Lipschitz constant of a combination of regions",
    "Loukas et al. 2021, Lemma 2",
    "λ(R_x) ≤ (1+γ) Σ |a(k)| |S_d(x)|/|S_d(x_k)| λ(R_{x_k}) where s(x) = Σ a(k) s(x_k)",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
{
    private const string Name = "λ(R_x) ≤ (1+γ) Σ |a(k)| |S_d(x)|/|S_d(x_k)| λ(R_{x_k})";

    // What the linear programs' solutions may be off by.
    private const double Rounding = 1e-6;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (HiddenActivations.Problem(context.Network) is { } refusal)
        {
            return Blank with { NotApplicable = refusal };
        }

        if (PatternCombinations.Of(context, out var why) is not { } combinations)
        {
            return Blank with { NotApplicable = why };
        }

        var (assumption, regions) = (ConsistentLearning.Of(context), EmptyRegions.Of(context));
        var hypotheses = assumption.Hypotheses(context);
        var (training, slopes) = (ExampleRows.Of(context.Data), Slopes(context, ExampleRows.Of(context.Data)));
        var broken = regions.Inputs.Length == 0 ? $"no empty region was found {regions.Where}"
            : slopes.Contains(0) ? "the sigmoid is flat, to rounding, at a training point"
            : null;
        if (broken is not null)
        {
            return Blank with { NotApplicable = broken, Hypotheses = hypotheses };
        }

        // Of points with the same pattern, the one with the least λ/|S_d|.
        double[] costs = [.. combinations.Points.Select(points => points.Min(i => assumption.SmallestLipschitz[i] / slopes[i]))];
        var (left, outer) = (LargestLipschitz.At(context, regions.Batch(context)), Slopes(context, regions.Inputs));
        double[]?[] solutions = [.. PathsHypothesis.Patterns(context, regions.Inputs).Select(on => combinations.Solve(on, costs))];
        double Right(int i) =>
            (1 + assumption.Gamma) * outer[i] * solutions[i]!.Zip(costs, (part, cost) => Math.Abs(part) * cost).Sum();
        int[] says = [.. Enumerable.Range(0, solutions.Length).Where(i => solutions[i] is not null)];
        if (says.Length == 0)
        {
            return Blank with
            {
                Inequalities = [Inequality.NotApplicable(
                    Name, $"in none of {solutions.Length} empty regions are the activations a combination of the training points'")],
                Hypotheses = hypotheses,
            };
        }

        var closest = says.MaxBy(i => left[i] > 0 || Right(i) > 0 ? left[i] / Right(i) : 0);
        double[] looseness = [.. says.Where(i => left[i] > 0).Select(i => Right(i) / left[i])];
        return Blank with
        {
            Inequalities =
            [
                Inequality.AtMost($"{Name}, the closest of {says.Length} empty regions", left[closest], Right(closest), Rounding),
                Inequality.AtMost(
                    "∇z(x) against Σ a(k) ∇z(x_k), relative difference", Difference(context, combinations, regions, solutions, training),
                    Rounding),
            ],
            Hypotheses = hypotheses,
            Details =
            [
                new("regions", solutions.Length), new("regions.feasible", says.Length),
                new("regions.holding", says.Count(i => left[i] <= Right(i) * (1 + Rounding))),
                new("looseness.median", looseness.Length > 0 ? looseness.Median() : double.NaN),
            ],
            Notes = [$"empty regions {regions.Where}"],
        };
    }

    private static double[] Slopes(TheoryContext context, double[][] inputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return [.. context.Network.Forward(ExampleRows.Batch(context, inputs)).ToArray<double>().Select(z => context.Output(z).Slope)];
    }

    // The largest difference of the two gradients, as a part of what is added up.
    private static double Difference(
        TheoryContext context, PatternCombinations combinations, EmptyRegions regions, double[]?[] solutions, double[][] training)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var jacobian = new InputJacobian(context.Network, context.Measures.Inputs, 1);
        double[][] Gradients(double[][] inputs) =>
            [.. inputs.SelectMany(input =>
            {
                using var inner = Libtorch.NewDisposeScope();
                return jacobian.Matrix(ExampleRows.Batch(context, [input])).ToArray<double>().Chunk(input.Length);
            })];
        var columns = Gradients([.. combinations.Points.Select(points => training[points[0]])]);
        var own = Gradients(regions.Inputs);
        var worst = 0.0;
        for (var i = 0; i < own.Length; i++)
        {
            if (solutions[i] is { } a)
            {
                var sum = new double[own[i].Length];
                var scale = Norm(own[i]);
                for (var k = 0; k < a.Length; k++)
                {
                    if (a[k] != 0)
                    {
                        sum = [.. sum.Zip(columns[k], (part, gradient) => part + (a[k] * gradient))];
                        scale += Math.Abs(a[k]) * Norm(columns[k]);
                    }
                }

                worst = Math.Max(worst, scale > 0 ? Norm(sum.Zip(own[i], (x, y) => x - y)) / scale : 0);
            }
        }

        return worst;
    }

    private static double Norm(IEnumerable<double> vector) => Math.Sqrt(vector.Sum(part => part * part));
}
