using Occam.Data;
using Occam.Measures;
using Occam.Torch;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>Points where a classifier’s answer changes, on the lines between examples that it classifies differently.</summary>
internal static class DecisionBoundary
{
    private const int Halvings = 20;

    /// <summary>A point for each pair: by bisection, up to 2⁻²⁰ of their distance.</summary>
    /// <param name="subject">The classifier.</param>
    /// <param name="data">The examples.</param>
    /// <param name="pairs">Pairs of examples; those that the classifier puts into one class have no point.</param>
    /// <returns>The points; null where all pairs are in one class each.</returns>
    public static DataSet? Between(Subject subject, DataSet data, IReadOnlyList<(int First, int Second)> pairs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var context = new MeasureContext(subject, data);
        var (low, high) = (Of(pair => pair.First), Of(pair => pair.Second));
        var own = subject.Function.Forward(low).ArgMax(1);
        var differs = own.EqualTo(subject.Function.Forward(high).ArgMax(1)).Not();
        int[] kept = [.. differs.To(ScalarType.Int64).ToArray<long>().Index().Where(at => at.Item != 0).Select(at => at.Index)];
        if (kept.Length == 0)
        {
            return null;
        }

        for (var i = 0; i < Halvings; i++)
        {
            using var inner = Libtorch.NewDisposeScope();
            var middle = (low + high) / 2;
            var isOwn = subject.Function.Forward(middle).ArgMax(1).EqualTo(own)
                .Reshape([pairs.Count, .. Enumerable.Repeat(1L, middle.Shape.Length - 1)]).To(low.ScalarType);
            (low, high) = (
                (low + (isOwn * (middle - low))).MoveToOuterDisposeScope(),
                (middle + (isOwn * (high - middle))).MoveToOuterDisposeScope());
        }

        var points = ((low + high) / 2).Reshape(pairs.Count, -1).To(ScalarType.Float32).ToArray<float>();
        var size = points.Length / pairs.Count;
        return DataSet.FromArrays(
            $"{data.Name}, where the answer changes", data.ExampleShape, [.. kept.SelectMany(i => points[(i * size)..((i + 1) * size)])]);

        Tensor Of(Func<(int First, int Second), int> which) => context.Examples([.. pairs.Select(which)]);
    }
}
