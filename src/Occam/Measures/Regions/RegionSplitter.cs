using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// Cuts the pieces of a plane along the kinks of one node after the other. On a piece the node's switches are
/// affine, because all nodes before it are: one value and two slopes at the centroid give each switch's zero line.
/// </summary>
internal sealed class RegionSplitter(
    Network network, PlaneSlice slice, PlanePoint[] points, double radius, int mostCells, CancellationToken cancellation)
{
    // Thinner slices of the window than this part of it can't be told from rounding.
    private const double Thinnest = 1e-11;

    // A switch that changes by less than this part of the node's largest on all of the window is constant but for rounding.
    private const double Flattest = 1e-12;

    // What a switch may be off by, as a part of the node's largest.
    private const double Noise = 4e-15;

    private const long ElementBudget = 4L << 20;

    /// <summary>Cuts pieces along the kinks of a node; null when there are too many.</summary>
    public List<RegionPiece>? Refine(Node node, List<RegionPiece> pieces)
    {
        var op = network.Operators[node];
        string[] inputs = [.. node.Inputs.Where(name => name.Length > 0 && network.Constant(name) is null).Distinct()];
        PlaneFunctions? Switches(IEnumerable<RegionPiece> some) => PlaneFunctions.At(
            network, slice, [.. some.Select(piece => piece.Polygon.Centroid)], inputs,
            values => op.Switches(network.Call(node, values)) is { IsFloatingPoint: true } switches
                ? switches.Reshape(switches.Dimensions > 0 ? switches.Size(0) : 1, -1)
                : null);
        if (Switches(pieces.Take(1)) is not { } first)
        {
            return pieces;
        }

        var refined = new List<RegionPiece>(pieces.Count);
        foreach (var chunk in pieces.Chunk((int)Math.Clamp(ElementBudget / first.Values.Length, 1, 1 << 14)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Cut(chunk, Switches(chunk)!, mostCells - refined.Count) is not { } parts)
            {
                return null;
            }

            refined.AddRange(op.EverySwitchIsKink ? parts.SelectMany(some => some) : Joined(node, inputs, parts));
            if (refined.Count > mostCells)
            {
                return null;
            }
        }

        return refined;
    }

    private List<RegionPiece>[]? Cut(RegionPiece[] pieces, PlaneFunctions switches, int most)
    {
        var units = switches.Values.Length / pieces.Length;
        var scale = Math.Max(Largest(switches.Values), radius * Math.Max(Largest(switches.SlopesS), Largest(switches.SlopesT)));
        var parts = new List<RegionPiece>[pieces.Length];
        var overflow = false;
        Parallel.For(0, pieces.Length, (i, state) =>
        {
            parts[i] = [pieces[i]];
            var center = pieces[i].Polygon.Centroid;
            var reach = pieces[i].Polygon.Reach;
            for (var j = i * units; j < (i + 1) * units; j++)
            {
                var gradient = new PlanePoint(switches.SlopesS[j], switches.SlopesT[j]);
                var steepness = gradient.Length;
                var offset = switches.Values[j] / steepness;

                if (!(steepness * radius > Flattest * scale) || Math.Abs(offset) >= reach)
                {
                    continue;
                }

                SplitAll(
                    parts[i],
                    new PlaneLine(center, offset, (1 / steepness) * gradient, Math.Max(Thinnest * radius, Noise * scale / steepness)));
                if (parts[i].Count > most)
                {
                    overflow = true;
                    state.Stop();
                    return;
                }
            }
        });
        return overflow ? null : parts;
    }

    private void SplitAll(List<RegionPiece> parts, in PlaneLine line)
    {
        for (int i = 0, count = parts.Count; i < count; i++)
        {
            if (parts[i].Split(line, points) is var (below, above))
            {
                parts[i] = below;
                parts.Add(above);
            }
        }
    }

    /// <summary>
    /// The parts of each piece with those joined again that differ by no kink: two losers of a pooling window
    /// that are equal bend nothing. What one position wins is convex, so the joined parts are, too.
    /// </summary>
    private IEnumerable<RegionPiece> Joined(Node node, string[] inputs, List<RegionPiece>[] parts)
    {
        foreach (var some in parts)
        {
            if (some.Count == 1)
            {
                yield return some[0];
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            var patterns = Patterns(node, inputs, some);
            foreach (var group in some.Zip(patterns).GroupBy(pair => pair.Second, pair => pair.First))
            {
                RegionPiece[] same = [.. group];
                if (same.Length > 1 && ConvexPolygon.Union([.. same.Select(piece => piece.Polygon)]) is { } union)
                {
                    yield return new RegionPiece(union, [.. same.SelectMany(piece => piece.Points).Order()]);
                    continue;
                }

                foreach (var piece in same)
                {
                    yield return piece;
                }
            }
        }
    }

    private string[] Patterns(Node node, string[] inputs, List<RegionPiece> pieces)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var values = network.Run(slice.Inputs([.. pieces.Select(piece => piece.Polygon.Centroid)]), inputs);
        return ActivationPatterns.Digests([network.Operators[node].Pattern(network.Call(node, values))!], pieces.Count, pieces.Count);
    }

    private static double Largest(double[] values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
