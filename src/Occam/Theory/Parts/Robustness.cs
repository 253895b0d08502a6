using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// (K, ε)-robustness of a classifier, Definition 2 of Loukas et al. 2021 after Xu &amp; Mannor 2012, as they use it: X × {0, 1} is divided
/// into the cubes of a box, each by label. ε is measured between training points and other points of the same set: the examples,
/// points of empty regions, and, from each training point, points of its cube towards the decision.
/// </summary>
/// <param name="Sets">K.</param>
/// <param name="Epsilon">The largest difference of errors found in one set: 0 or 1.</param>
/// <param name="Pairs">How many pairs of a training point and another were compared.</param>
internal sealed record Robustness(double Sets, double Epsilon, long Pairs)
{
    private const int Steps = 8;

    /// <summary>Measures it for cubes of a diagonal of 2r.</summary>
    /// <param name="context">The network.</param>
    /// <param name="bound">The classifier and the box.</param>
    /// <param name="radius">r.</param>
    /// <param name="domain">Which other inputs of the box belong to X; all when left out.</param>
    public static Robustness Of(TheoryContext context, GeneralizationBound bound, double radius, Func<double[], bool>? domain = null)
    {
        var (training, cubes) = (bound.Training, bound.Cubes);
        var decisions = new Dictionary<(string Cube, int Label), (bool IsOne, int Example)>();
        var (epsilon, pairs) = (0.0, 0L);
        void Compare(string cube, int label, bool isOne)
        {
            if (decisions.TryGetValue((cube, label), out var first))
            {
                pairs++;
                epsilon = Math.Max(epsilon, isOne == first.IsOne ? 0 : 1);
            }
        }

        for (var i = 0; i < training.Inputs.Length; i++)
        {
            var cube = cubes.Cube(radius, training.Inputs[i])!;
            Compare(cube, training.Labels[i], training.IsOne(i));
            decisions.TryAdd((cube, training.Labels[i]), (training.IsOne(i), i));
        }

        // The error at x with either label differs from that at x_i with it where the decisions do.
        double[][] others =
            [.. bound.Test?.Inputs ?? [], .. EmptyRegions.Of(context).Inputs, .. TowardsDecision(context, training, radius)];
        foreach (var (input, isOne) in others.Zip(Decisions(context, others)))
        {
            if (cubes.Cube(radius, input) is { } cube && domain?.Invoke(input) != false)
            {
                Compare(cube, 0, isOne);
                Compare(cube, 1, isOne);
            }
        }

        return new Robustness(2 * cubes.Count(radius), epsilon, pairs);
    }

    private static IEnumerable<bool> Decisions(TheoryContext context, double[][] inputs)
    {
        const int AtOnce = 512;
        return inputs.Chunk(AtOnce).SelectMany(some =>
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            return context.Network.Forward(ExampleRows.Batch(context, some)).ToArray<double>().Select(logit => logit > 0).ToArray();
        });
    }

    private static IEnumerable<double[]> TowardsDecision(TheoryContext context, BinaryClassifier training, double radius)
    {
        var jacobian = new InputJacobian(context.Network, context.Measures.Inputs, 1);
        for (var i = 0; i < training.Inputs.Length; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var x = training.Inputs[i];
            var gradient = jacobian.Matrix(ExampleRows.Batch(context, [x])).ToArray<double>();
            var norm = System.Numerics.Tensors.TensorPrimitives.Norm<double>(gradient);
            for (var step = 1; step <= Steps && norm > 0; step++)
            {
                var move = (training.IsOne(i) ? -1 : 1) * 2 * radius * step / Steps / norm;
                yield return [.. x.Zip(gradient, (value, part) => value + (move * part))];
            }
        }
    }
}
