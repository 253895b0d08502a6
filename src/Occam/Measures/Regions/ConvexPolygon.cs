using System.Collections.Immutable;

namespace Occam.Measures.Regions;

/// <summary>A convex polygon in the plane, its corners counterclockwise.</summary>
public sealed class ConvexPolygon
{
    private readonly PlanePoint[] _corners;

    private ConvexPolygon(PlanePoint[] corners)
    {
        _corners = corners;
        (Area, Centroid) = Measure(corners);
        foreach (var corner in corners)
        {
            Reach = Math.Max(Reach, (corner - Centroid).Length);
        }
    }

    /// <summary>The corners, counterclockwise.</summary>
    public ImmutableArray<PlanePoint> Corners => [.. _corners];

    /// <summary>The area, in plane coordinates.</summary>
    public double Area { get; }

    /// <summary>The center of mass, which lies inside.</summary>
    public PlanePoint Centroid { get; }

    /// <summary>The distance from the centroid to the farthest corner, in plane coordinates.</summary>
    public double Reach { get; }

    /// <summary>The polygon of corners given in order, either way round.</summary>
    /// <exception cref="OccamException">They make no convex polygon with an inside.</exception>
    public static ConvexPolygon Of(IReadOnlyList<PlanePoint> corners)
    {
        PlanePoint[] ordered = [.. corners];
        if (ordered.Length >= 3 && Measure(ordered).Area < 0)
        {
            Array.Reverse(ordered);
        }

        if (ordered.Length < 3
            || !ordered.All(corner => double.IsFinite(corner.S) && double.IsFinite(corner.T))
            || Measure(ordered).Area <= 0
            || !IsConvex(ordered))
        {
            throw new OccamException($"{string.Join(", ", corners.Select(corner => $"({corner.S:G6}, {corner.T:G6})"))} are no convex "
                + "polygon: expected at least three corners in order around it, and an area");
        }

        return new ConvexPolygon(ordered);
    }

    /// <summary>The rectangle [left, right] × [bottom, top].</summary>
    /// <exception cref="OccamException">It has no area.</exception>
    public static ConvexPolygon Rectangle(double left, double right, double bottom, double top) =>
        Of([new(left, bottom), new(right, bottom), new(right, top), new(left, top)]);

    /// <summary>Whether a point lies inside or, to a tolerance, on the edge.</summary>
    public bool Contains(PlanePoint point, double tolerance = 0)
    {
        for (var i = 0; i < _corners.Length; i++)
        {
            var edge = _corners[(i + 1) % _corners.Length] - _corners[i];
            if (PlanePoint.Cross(edge, point - _corners[i]) < -tolerance * edge.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The parts on the two sides of a line; null when one of them would be thinner than the line's tolerance.
    /// Corners within the tolerance of the line are taken as lying on it, so that a line through a corner goes
    /// through that very corner.
    /// </summary>
    internal (ConvexPolygon Below, ConvexPolygon Above)? Split(in PlaneLine line)
    {
        if (Math.Abs(line.Distance(Centroid)) >= Reach)
        {
            return null;
        }

        Span<double> distances = _corners.Length <= 64 ? stackalloc double[_corners.Length] : new double[_corners.Length];
        var (anyBelow, anyAbove) = (false, false);
        for (var i = 0; i < _corners.Length; i++)
        {
            var distance = line.Distance(_corners[i]);
            distances[i] = Math.Abs(distance) <= line.Tolerance ? 0 : distance;
            anyBelow |= distances[i] < 0;
            anyAbove |= distances[i] > 0;
        }

        if (!anyBelow || !anyAbove)
        {
            return null;
        }

        var below = new List<PlanePoint>(_corners.Length + 1);
        var above = new List<PlanePoint>(_corners.Length + 1);
        for (var i = 0; i < _corners.Length; i++)
        {
            var next = i + 1 == _corners.Length ? 0 : i + 1;
            if (distances[i] <= 0)
            {
                below.Add(_corners[i]);
            }

            if (distances[i] >= 0)
            {
                above.Add(_corners[i]);
            }

            if (distances[i] * distances[next] < 0)
            {
                var crossing = _corners[i] + ((distances[i] / (distances[i] - distances[next])) * (_corners[next] - _corners[i]));
                below.Add(crossing);
                above.Add(crossing);
            }
        }

        return (new ConvexPolygon([.. below]), new ConvexPolygon([.. above]));
    }

    /// <summary>
    /// The union of polygons where it is convex; null where it isn't: where their convex hull is larger than they are together.
    /// </summary>
    internal static ConvexPolygon? Union(IReadOnlyList<ConvexPolygon> parts)
    {
        const double RelativeGap = 1e-9;
        var hull = new ConvexPolygon(Hull([.. parts.SelectMany(part => part._corners)]));
        var area = parts.Sum(part => part.Area);
        return hull.Area <= area * (1 + RelativeGap) ? hull : null;
    }

    /// <summary>The convex hull, counterclockwise, by Andrew's monotone chains.</summary>
    private static PlanePoint[] Hull(PlanePoint[] points)
    {
        PlanePoint[] sorted = [.. points.Distinct().OrderBy(point => point.S).ThenBy(point => point.T)];
        static List<PlanePoint> Chain(IEnumerable<PlanePoint> points)
        {
            var chain = new List<PlanePoint>();
            foreach (var point in points)
            {
                while (chain.Count >= 2 && PlanePoint.Cross(chain[^1] - chain[^2], point - chain[^1]) <= 0)
                {
                    chain.RemoveAt(chain.Count - 1);
                }

                chain.Add(point);
            }

            chain.RemoveAt(chain.Count - 1);
            return chain;
        }

        return [.. Chain(sorted), .. Chain(sorted.Reverse())];
    }

    // About the first corner, that a small polygon far from the origin loses no digits.
    private static (double Area, PlanePoint Centroid) Measure(PlanePoint[] corners)
    {
        var (twice, s, t) = (0.0, 0.0, 0.0);
        for (var i = 1; i + 1 < corners.Length; i++)
        {
            var (a, b) = (corners[i] - corners[0], corners[i + 1] - corners[0]);
            var cross = PlanePoint.Cross(a, b);
            twice += cross;
            s += cross * (a.S + b.S);
            t += cross * (a.T + b.T);
        }

        return twice == 0
            ? (0, (1.0 / corners.Length) * corners.Aggregate((sum, corner) => sum + corner))
            : (twice / 2, corners[0] + new PlanePoint(s / (3 * twice), t / (3 * twice)));
    }

    private static bool IsConvex(PlanePoint[] corners)
    {
        const double Straight = 1e-12;
        for (var i = 0; i < corners.Length; i++)
        {
            var (a, b, c) = (corners[i], corners[(i + 1) % corners.Length], corners[(i + 2) % corners.Length]);
            if (PlanePoint.Cross(b - a, c - b) < -Straight * (b - a).Length * (c - b).Length)
            {
                return false;
            }
        }

        return true;
    }
}
