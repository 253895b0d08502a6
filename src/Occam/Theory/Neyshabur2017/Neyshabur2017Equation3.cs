using Occam.Measures;
using Occam.Measures.Weights;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Eq. 3 of Neyshabur et al. 2017, K-robustness after Xu and Mannor: in each of K cells losses differ by at most ε. The cells are balls of
/// diameter ε/(C_LC) that cover the training examples of a class, as the paper has them from a Lipschitz constant C: that of
/// <c>lipschitz-upper</c>, in ℓ2; of the cross-entropy C_L = √2, or 1 of one output. K is the number that a greedy cover of the examples
/// needs, less than the input space's. Where K is the number of examples, each has a cell of its own, and the statement says nothing.
/// </summary>
public sealed class Neyshabur2017Equation3() : Theorem(
    "eg-equation-3",
    "Robustness by covering",
    "Neyshabur et al. 2017, eq. 3",
    "x, z in the same of K cells ⇒ |ℓ(w, x) − ℓ(w, z)| ≤ ε, K a covering number at radius ε/(2C_LC)")
{
    private const int Most = 2000;
    private static readonly double[] s_epsilons = [0.1, 1, 10];

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var outputs = (int)context.Measures.Outputs;
        if (context.Data.Labels is null || context.Data.Labels.Any(label => label >= Math.Max(2, outputs)))
        {
            return Blank with { NotApplicable = "needs class labels that the outputs are for" };
        }

        var bound = LipschitzBound.Of(context.Measures);
        if (bound.Unbounded is { } node)
        {
            return Blank with { NotApplicable = $"needs a Lipschitz bound, and no finite one passes through {node}" };
        }

        var slope = (outputs == 1 ? 1 : Math.Sqrt(2)) * bound.Value;
        var (points, losses, labels) = Examples(context);
        var covers = s_epsilons.Select(epsilon => (Epsilon: epsilon, Cells: Cover(points, labels, epsilon / (2 * slope)))).ToArray();
        return Blank with
        {
            Inequalities =
            [
                .. covers.Select(cover => Inequality.AtMost(
                    $"|ℓ(x) − ℓ(z)| in a cell, ε = {cover.Epsilon}",
                    cover.Cells.Max(cell => cell.Max(i => losses[i]) - cell.Min(i => losses[i])),
                    cover.Epsilon,
                    vacuous: cover.Cells.Count == points.Length ? "each example has a cell of its own" : null)),
            ],
            Details =
            [
                new("lipschitz", bound.Value), new("examples", points.Length),
                .. covers.Select(cover => new KeyValuePair<string, double>($"K.{Name(cover.Epsilon)}", cover.Cells.Count)),
            ],
            Notes =
            [
                .. bound.Notes,
                $"K covers the first {points.Length} of {Counted.Of(context.Data.Count, "example")}, class by class, and not the "
                    + "input space",
            ],
        };
    }

    private static string Name(double epsilon) => Occam.Measures.Sharpness.ExpectedSharpness.SizeName(epsilon);

    private static (double[][] Points, double[] Losses, int[] Labels) Examples(TheoryContext context)
    {
        var (points, losses) = (new List<double[]>(), new List<double>());
        foreach (var (x, start) in context.Measures.Batches())
        {
            if (start >= Most)
            {
                break;
            }

            var (size, rows) = ((int)x.Size(0), x.Flatten(1).ToArray<double>());
            var width = rows.Length / size;
            points.AddRange(Enumerable.Range(0, size).Select(i => rows[(i * width)..((i + 1) * width)]));
            losses.AddRange(LogitCrossEntropy
                .Losses(context.Network.Forward(x), context.Data.Labels![start..(start + size)])
                .Detach()
                .ToArray<double>());
        }

        var count = Math.Min(points.Count, Most);
        return ([.. points.Take(count)], [.. losses.Take(count)], context.Data.Labels![..count]);
    }

    /// <summary>The cells: each example in that of the first centre of its class within the radius, or the centre of a new one.</summary>
    private static List<List<int>> Cover(double[][] points, int[] labels, double radius)
    {
        var cells = new List<List<int>>();
        for (var i = 0; i < points.Length; i++)
        {
            var own = cells.Find(cell => labels[cell[0]] == labels[i]
                && System.Numerics.Tensors.TensorPrimitives.Distance<double>(points[cell[0]], points[i]) <= radius);
            if (own is null)
            {
                cells.Add([i]);
            }
            else
            {
                own.Add(i);
            }
        }

        return cells;
    }
}
