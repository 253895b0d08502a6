using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Measures;
using Occam.Measures.Slope;

namespace Occam.Lab.Explaining;

/// <summary>Finds where the complexity of a network sits: by layer, by class, by example.</summary>
internal static class Placer
{
    private const int Shown = 10;
    private const int MostInputsShown = 4;

    /// <summary>Places it.</summary>
    /// <param name="context">The network at the run's end, and the examples.</param>
    /// <param name="initial">The network before the first step, on the same.</param>
    /// <param name="best">The network at its best moment.</param>
    public static Placement Place(MeasureContext context, MeasureContext initial, MeasureContext? best)
    {
        var measure = new GeometricComplexity();
        var complexity = measure.Measurement(context);
        return new Placement(
            context.Data!.Description,
            complexity,
            measure.Measurement(initial),
            best is null ? null : measure.Measurement(best),
            Classes(context.Data, complexity.PerExample),
            Examples(context, complexity.PerExample, descending: true),
            Examples(context, complexity.PerExample, descending: false));
    }

    private static ImmutableArray<ClassComplexity> Classes(DataSet data, ImmutableArray<double> perExample) => data.Labels is not { } labels
        ? []
        :
        [
            .. perExample.Zip(labels).GroupBy(pair => pair.Second, pair => pair.First).OrderBy(group => group.Key)
                .Select(group => new ClassComplexity(group.Key, group.Count(), Uncertain.Mean([.. group]).ExactWhereRounding())),
        ];

    private static ImmutableArray<ExampleComplexity> Examples(MeasureContext context, ImmutableArray<double> perExample, bool descending)
    {
        var order = Enumerable.Range(0, perExample.Length).Order(Comparer<int>.Create(
            (i, j) => perExample[i].CompareTo(perExample[j]) is var sign and not 0 ? (descending ? -sign : sign) : i.CompareTo(j)));
        int[] chosen = [.. order.Take(Math.Min(Shown, perExample.Length / 2))];
        if (chosen.Length == 0)
        {
            return [];
        }

        var data = context.Data!;
        var predicted = data.Labels is null ? null : ChosenClass.Of(context, chosen);
        return [.. chosen.Select((index, i) => new ExampleComplexity(
            data.IndexInWhole(index), perExample[index], data.Labels?[index], predicted?[i], ExamplePicture.Of(data, index),
            InputsOf(data, index)))];
    }

    private static ImmutableArray<double> InputsOf(DataSet data, int index)
    {
        if (data.ExampleSize > MostInputsShown)
        {
            return [];
        }

        var inputs = new double[data.ExampleSize];
        data.CopyInputs([index], inputs);
        return [.. inputs];
    }
}
