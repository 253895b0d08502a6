using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// The linear regions of a piecewise-linear network on a plane of its input space (Loukas et al. 2021, §3.1, A.3):
/// the exact arrangement as convex polygons, each with the affine map that the network is there. Computed in
/// float64, activation by activation in the order of the graph, whatever its operators, as long as each is affine or
/// piecewise affine. Cuts that are the same line, that go through a corner, or that shave off less than 1e-11 of the
/// window count as what they are to rounding: none, through that corner, none.
/// </summary>
public sealed class RegionArrangement
{
    private const int DefaultMostCells = 2_000_000;
    private const long ElementBudget = 4L << 20;

    private readonly Network _network;

    private RegionArrangement(Network network, PlaneSlice slice, ConvexPolygon window, ImmutableArray<RegionCell> cells)
    {
        _network = network;
        Slice = slice;
        Window = window;
        Cells = cells;
    }

    /// <summary>The plane.</summary>
    public PlaneSlice Slice { get; }

    /// <summary>The part of the plane that was divided into regions.</summary>
    public ConvexPolygon Window { get; }

    /// <summary>The regions: they tile the window.</summary>
    public ImmutableArray<RegionCell> Cells { get; }

    /// <summary>Finds the regions.</summary>
    /// <param name="network">The network, of any precision; it is taken to float64 on the CPU.</param>
    /// <param name="slice">The plane.</param>
    /// <param name="window">The part of the plane to divide into regions.</param>
    /// <param name="points">Points of the plane, such as the training data, to be found in the cells; those outside the window are in
    /// none.</param>
    /// <param name="mostCells">The most cells to make.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OccamException">A node is neither affine nor piecewise affine (it is named), the input's shape doesn't fit, or
    /// there are too many cells.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RegionArrangement Of(
        Network network,
        PlaneSlice slice,
        ConvexPolygon window,
        IReadOnlyList<PlanePoint>? points = null,
        int mostCells = DefaultMostCells,
        CancellationToken cancellation = default) =>
        TryOf(network, slice, window, points, mostCells, cancellation)
            ?? throw new OccamException($"the plane is cut into more than {mostCells:N0} regions: take a smaller window, or allow more");

    /// <inheritdoc cref="Of"/>
    /// <returns>The regions; null where there are more than allowed.</returns>
    internal static RegionArrangement? TryOf(
        Network network,
        PlaneSlice slice,
        ConvexPolygon window,
        IReadOnlyList<PlanePoint>? points = null,
        int mostCells = DefaultMostCells,
        CancellationToken cancellation = default)
    {
        if (network.WhyNotPiecewiseLinear() is { } why)
        {
            throw new OccamException(
                $"{why}: linear regions are those of a network whose every operator is affine or piecewise affine");
        }

        var wide = network.To(ScalarType.Float64, Device.Cpu);
        PlanePoint[] given = [.. points ?? []];
        int[] inside = [.. Enumerable.Range(0, given.Length).Where(i => window.Contains(given[i]))];
        var splitter = new RegionSplitter(wide, slice, given, window.Reach, mostCells, cancellation);
        List<RegionPiece>? pieces = [new RegionPiece(window, inside)];
        foreach (var node in wide.ActiveNodes.Where(node => wide.LinearityOf(node) == Linearity.PiecewiseAffine))
        {
            pieces = splitter.Refine(node, pieces);
            if (pieces is null)
            {
                return null;
            }
        }

        return new RegionArrangement(wide, slice, window, Describe(wide, slice, pieces, cancellation));
    }

    /// <summary>A digest of each cell's activation pattern: on which piece every activation and pooling is.</summary>
    public ImmutableArray<string> Patterns => field.IsDefault ? field = ComputePatterns() : field;

    /// <summary>The gradients with respect to the whole input of some cells: cells × k × d.</summary>
    public Tensor Jacobians(IReadOnlyList<RegionCell> cells)
    {
        var outputs = Cells[0].Value.Length;
        var inputs = Slice.ExampleShape.Aggregate(1L, (product, size) => product * size);
        return new InputJacobian(_network, inputs, outputs).Matrix(Slice.Inputs([.. cells.Select(cell => cell.Polygon.Centroid)]));
    }

    private static ImmutableArray<RegionCell> Describe(
        Network network, PlaneSlice slice, List<RegionPiece> pieces, CancellationToken cancellation)
    {
        var cells = ImmutableArray.CreateBuilder<RegionCell>(pieces.Count);
        var inputs = slice.ExampleShape.Aggregate(1L, (product, size) => product * size);
        foreach (var chunk in pieces.Chunk(ChunkSize(network, slice)))
        {
            cancellation.ThrowIfCancellationRequested();
            PlanePoint[] centers = [.. chunk.Select(piece => piece.Polygon.Centroid)];
            var output =
                PlaneFunctions.At(network, slice, centers, [network.Output], values => values[network.Output].Reshape(centers.Length, -1))
                    ?? throw new OccamException("the network has no outputs");
            var outputs = output.Values.Length / chunk.Length;
            var norms = GradientNorms(new InputJacobian(network, inputs, outputs), slice.Inputs(centers), outputs);
            for (var i = 0; i < chunk.Length; i++)
            {
                ImmutableArray<double> Row(double[] all) => [.. all.AsSpan(i * outputs, outputs)];
                cells.Add(new RegionCell
                {
                    Polygon = chunk[i].Polygon,
                    Value = Row(output.Values),
                    SlopeS = Row(output.SlopesS),
                    SlopeT = Row(output.SlopesT),
                    GradientNorm = norms[i],
                    Points = [.. chunk[i].Points],
                });
            }
        }

        return cells.MoveToImmutable();
    }

    private static double[] GradientNorms(InputJacobian jacobian, Tensor x, int outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        return outputs == 1
            ? Array.ConvertAll(jacobian.SquaredNorms(x), Math.Sqrt)
            : LocalLipschitz.Finite(LocalLipschitz.LargestSingularValues(jacobian.Reduced(x)));
    }

    // As many examples at once as have so many numbers in all values of the network.
    private static int ChunkSize(Network network, PlaneSlice slice)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var values = network.Run(slice.Inputs([default]), [.. network.Graph.Varying]);
        return (int)Math.Clamp(ElementBudget / Math.Max(values.Values.Sum(value => value.Elements), 1), 1, 1 << 14);
    }

    private ImmutableArray<string> ComputePatterns()
    {
        var patterns = ActivationPatterns.Of(_network);
        return
        [
            .. Cells.Chunk(ChunkSize(_network, Slice)).SelectMany(chunk =>
            {
                using var scope = Libtorch.NewDisposeScope();
                return patterns.Digests(Slice.Inputs([.. chunk.Select(cell => cell.Polygon.Centroid)]));
            }),
        ];
    }
}
