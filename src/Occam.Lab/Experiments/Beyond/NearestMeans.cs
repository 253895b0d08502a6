using Occam.Measures;
using Occam.Measures.Features;
using Occam.Torch;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>How well a network's features tell classes that it was not trained on: a classifier by the means of a few examples.</summary>
internal static class NearestMeans
{
    /// <summary>The share of examples whose features lie nearer to another class's mean than to their own's.</summary>
    /// <param name="few">The examples that the means are of.</param>
    /// <param name="tested">Those classified, of the same subject.</param>
    /// <exception cref="OccamException">The network has no dense layer at its end.</exception>
    public static double Error(MeasureContext few, MeasureContext tested)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var (known, labels) = (Features(few), few.Data!.RequireLabels());
        var means = Tensor.Stack(
            [
                .. Enumerable.Range(0, labels.Max() + 1).Select(label => Tensor.Stack(
                    [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == label).Select(i => known.Select(0, i))], 0).Mean([0])),
            ],
            0);
        var distances = (Features(tested).Unsqueeze(1) - means.Unsqueeze(0)).Square().Sum([2]);
        var nearest = (-distances).ArgMax(1).ToArray<long>();
        return nearest.Zip(tested.Data!.RequireLabels(), (found, own) => found == own ? 0.0 : 1).Average();
    }

    private static Tensor Features(MeasureContext context)
    {
        var features = PenultimateFeatures.Of(context, out var why) ?? throw new OccamException($"a classifier by nearest means {why}");
        return Tensor.Cat([.. context.Batches().Select(batch => features.Run(context, batch).MoveToOuterDisposeScope())], 0);
    }
}
