using Occam.Measures.Regions;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// A point of each of some linear regions without training points: those of the plane that the data lie on, in the box around
/// them, or, where they lie on none, those met on lines through random pairs of training points.
/// </summary>
/// <param name="Inputs">The points, as inputs.</param>
/// <param name="Where">Where they were looked for, and how many there are.</param>
/// <param name="AreAll">Whether they are all there are in the box on the plane.</param>
internal sealed record EmptyRegions(double[][] Inputs, string Where, bool AreAll)
{
    private const int MostRegions = 400;
    private const int Draws = 2000;

    /// <summary>Finds them, once for all theorems.</summary>
    public static EmptyRegions Of(TheoryContext context) => context.Measures.Shared(() => Find(context));

    /// <summary>The points as a batch.</summary>
    public Tensor Batch(TheoryContext context) =>
        Tensor.FromArray(Inputs.SelectMany(input => input).ToArray(), [Inputs.Length, .. context.Measures.ExampleShape]);

    private static EmptyRegions Find(TheoryContext context)
    {
        if (RegionsOfPlane.Of(context) is var (plane, arrangement))
        {
            var empty = arrangement.Cells.Where(cell => cell.Points.IsEmpty).ToArray();
            var every = Math.Max(1, (empty.Length + MostRegions - 1) / MostRegions);
            return new EmptyRegions(
                [.. empty.Where((_, i) => i % every == 0).Select(cell => plane.Slice.Input(cell.Polygon.Centroid))],
                $"on the plane of the data: {(every == 1 ? "all" : $"one in {every} of")} {empty.Length}", every == 1);
        }

        return new EmptyRegions(OnLines(context), "met on lines through random pairs of training points", false);
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
