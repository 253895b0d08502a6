using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// Hypothesis (b) of Theorem 3 of Loukas et al. 2021: s(x) ≤ Σ s(x_i) for every x of the domain, so that every path through the hidden
/// units that is on somewhere is on at a training point.
/// </summary>
internal static class PathsHypothesis
{
    private const string Name = "(b) every path that is on somewhere is on at a training point";

    /// <summary>
    /// It holds where the training points have every path on, whatever x; otherwise it is looked for at the test data and in the
    /// regions without training points that were found, which decide it where these are all there are.
    /// </summary>
    public static Hypothesis Of(TheoryContext context, ConsistentLearning assumption)
    {
        var paths = PathActivations.Of(assumption.Patterns);
        if (paths.IsCovering() == true)
        {
            return new(Name, true, "every path there is, is on at one");
        }

        var empty = EmptyRegions.Of(context);
        double[][] points = [.. context.Test is { } test ? ExampleRows.Of(test) : [], .. empty.Inputs];
        bool?[] covered = [.. Patterns(context, points).Select(paths.Covers)];
        var (without, unknown) = (covered.Count(found => found == false), covered.Count(found => found is null));
        var where = $"{points.Length} points: the test data and regions {empty.Where}";
        return without > 0 ? new(Name, false, $"not at {without} of {where}")
            : unknown > 0 ? new(Name, null, $"there are too many paths to tell at {unknown} of {where}")
            : new(Name, empty.AreAll ? true : null, $"at all of {where}{(empty.AreAll ? "" : ", which aren't all there are")}");
    }

    /// <summary>Which units are on at each of some inputs, layer by layer.</summary>
    public static IEnumerable<bool[][]> Patterns(TheoryContext context, IReadOnlyCollection<double[]> points)
    {
        const int AtOnce = 512;
        var activations = HiddenActivations.Of(context.Network);
        return points.Chunk(AtOnce).SelectMany(some =>
        {
            using var scope = Libtorch.NewDisposeScope();
            var layers = activations.At(ExampleRows.Batch(context, some));
            return some.Select((_, i) => Array.ConvertAll(
                layers, layer => layer.AsSpan(i * (layer.Length / some.Length), layer.Length / some.Length).ToArray())).ToArray();
        });
    }
}
