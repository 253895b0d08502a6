using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Measures.Regions;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Parts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>All linear regions of a network that was trained on Task 1, on the plane of its data.</summary>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Left">The part of the best constant's loss that is left at the end.</param>
/// <param name="Regions">The regions; they tile the square.</param>
internal sealed record RegionPicture(int Seed, double Left, ImmutableArray<PlaneRegion> Regions)
{
    private const int AtOnce = 50;

    internal static RegionPicture Of(
        ExperimentContext context, double frequency, int points, int hidden, int seed, Replica replica)
    {
        var scale = context.Value(CosineTask.InputScale);
        var (training, test) = CosineTask.Data(frequency, seed, points, scale);
        var run = TrajectoryRun.Train(
            $"ω = {frequency}", frequency, seed, CosineTask.Network(seed, FirstLayer.Identity, hidden), training, test,
            CosineTask.Settings(seed, CosineTask.EpochsOf(context)), replica, out var network);
        // The plane's coordinates are z, whatever the inputs are multiplied by.
        double[][] basis = [.. CosineTask.Basis(seed).Select(column => column.Select(value => scale * value).ToArray())];
        var slice = new PlaneSlice(new double[CosineTask.Dimensions], basis[0], basis[1], CosineTask.Dimensions);
        var cells = RegionArrangement.Of(
            network, slice, ConvexPolygon.Rectangle(-1, 1, -1, 1),
            [.. CosineTask.Plane(points, seed).Select(z => new PlanePoint(z[0], z[1]))], cancellation: replica.Cancellation).Cells;
        var theorem = EmptyRegionBound.Of(new TheoryContext(network, training), out var why)
            ?? throw new OccamException($"Theorem 2 isn't applicable: {why}");
        var bounds = new Dictionary<int, double>();
        foreach (var chunk in Enumerable.Range(0, cells.Length).Where(i => cells[i].Points.IsEmpty).Chunk(AtOnce))
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            foreach (var (i, bound) in chunk.Zip(theorem.At(slice.Inputs([.. chunk.Select(i => cells[i].Polygon.Centroid)]))))
            {
                bounds[i] = bound;
            }
        }

        return new RegionPicture(
            seed, TrainingFit.Left(run), [.. cells.Select((cell, i) => Region(cell, bounds.GetValueOrDefault(i, double.NaN)))]);
    }

    private static PlaneRegion Region(RegionCell cell, double bound) => new(
        cell.Polygon.Centroid.S,
        cell.Polygon.Centroid.T,
        cell.Polygon.Area,
        cell.Value[0],
        cell.GradientNorm,
        cell.Points.Length,
        bound,
        [.. cell.Polygon.Corners.Select(corner => (corner.S, corner.T))]);
}
