namespace Occam.Measures.Regions;

/// <summary>A part of the plane on which the network is affine as far as it has been evaluated, with the given points in it.</summary>
internal sealed record RegionPiece(ConvexPolygon Polygon, int[] Points)
{
    /// <summary>The parts on the two sides of a line; null when it doesn't cut. A point on the line belongs below.</summary>
    public (RegionPiece Below, RegionPiece Above)? Split(in PlaneLine line, PlanePoint[] points)
    {
        if (Polygon.Split(line) is not var (below, above))
        {
            return null;
        }

        if (Points.Length == 0)
        {
            return (new RegionPiece(below, Points), new RegionPiece(above, Points));
        }

        List<int> under = [], over = [];
        foreach (var index in Points)
        {
            (line.Distance(points[index]) > 0 ? over : under).Add(index);
        }

        return (new RegionPiece(below, [.. under]), new RegionPiece(above, [.. over]));
    }
}
