using Occam.Measures.Regions;

namespace Occam.Theory.Parts;

/// <summary>The linear regions of the plane that the training data lie on, in the smallest box around them.</summary>
/// <param name="Plane">The plane.</param>
/// <param name="Arrangement">The regions.</param>
internal sealed record RegionsOfPlane(DataPlane Plane, RegionArrangement Arrangement)
{
    private const int MostCells = 200_000;

    /// <summary>Finds them, once for all theorems; null where the data lie on no plane, or there are too many regions.</summary>
    public static RegionsOfPlane? Of(TheoryContext context) => context.Measures.Shared(() => new Found(Find(context))).Regions;

    /// <summary>Whether an input lies on the plane, to the precision of data that were made on it, and in the box.</summary>
    public bool Contains(double[] input)
    {
        const double Flatness = 1e-5;
        var point = Plane.Slice.Project(input);
        var foot = Plane.Slice.Input(point);
        var (off, size) = (0.0, 0.0);
        for (var i = 0; i < input.Length; i++)
        {
            off += (input[i] - foot[i]) * (input[i] - foot[i]);
            size += input[i] * input[i];
        }

        return off <= Flatness * Flatness * size && Arrangement.Window.Contains(point, Flatness);
    }

    private static RegionsOfPlane? Find(TheoryContext context) =>
        DataPlane.Of(context.Data, context.Measures.ExampleShape) is { BoundingBox: { } box } plane
            && RegionArrangement.TryOf(
                context.Network, plane.Slice, box, plane.Points, MostCells, context.Measures.Options.Cancellation) is { } arrangement
            ? new RegionsOfPlane(plane, arrangement)
            : null;

    private sealed record Found(RegionsOfPlane? Regions);
}
