using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The input margins γ_i of a classifier (Loukas et al. 2021, Appendix B.7.2), the distance from x_i to where it decides otherwise, from
/// above: along lines to the nearest examples that it puts into the other class, by halving.
/// </summary>
internal static class InputMargins
{
    private const int MostExamples = 256;
    private const int Lines = 8;
    private const int Halvings = 40;

    /// <summary>The training points nearest to the decision by their output, and how far from each another decision was found.</summary>
    /// <param name="context">The network.</param>
    /// <param name="training">The classifier on the training data.</param>
    /// <param name="test">The classifier on the test data.</param>
    /// <returns>Index and distance; none where all examples are in one class.</returns>
    public static (int Example, double Distance)[] Of(TheoryContext context, BinaryClassifier training, BinaryClassifier? test)
    {
        double[][] all = [.. training.Inputs, .. test?.Inputs ?? []];
        bool[] isOne = [.. training.Outputs.Concat(test?.Outputs ?? []).Select(f => f > 0.5)];
        int[] examples = [.. Enumerable.Range(0, training.Inputs.Length)
            .OrderBy(i => Math.Abs(training.Outputs[i] - 0.5)).Take(MostExamples)];
        var found = new List<(int, double)>();
        foreach (var i in examples)
        {
            context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
            int[] others = [.. Enumerable.Range(0, all.Length).Where(j => isOne[j] != isOne[i])
                .OrderBy(j => Distance(all[i], all[j])).Take(Lines)];
            if (others.Length > 0)
            {
                found.Add((i, others.Length > 0 ? Along(context, all[i], isOne[i], [.. others.Select(j => all[j])]) : double.NaN));
            }
        }

        return [.. found];
    }

    // The least distance at which another decision was found, on the side where it is another.
    private static double Along(TheoryContext context, double[] from, bool isOne, double[][] to)
    {
        var (near, far) = (new double[to.Length], Enumerable.Repeat(1.0, to.Length).ToArray());
        for (var halving = 0; halving < Halvings; halving++)
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            double[] middles = [.. near.Zip(far, (a, b) => (a + b) / 2)];
            var logits = context.Network
                .Forward(ExampleRows.Batch(context, [.. to.Select((end, line) => Between(from, end, middles[line]))]))
                .ToArray<double>();
            for (var line = 0; line < to.Length; line++)
            {
                (logits[line] > 0 == isOne ? near : far)[line] = middles[line];
            }
        }

        return to.Select((end, line) => far[line] * Distance(from, end)).Min();
    }

    private static double[] Between(double[] from, double[] to, double at) => [.. from.Zip(to, (a, b) => a + (at * (b - a)))];

    private static double Distance(double[] left, double[] right) => System.Numerics.Tensors.TensorPrimitives.Distance<double>(left, right);
}
