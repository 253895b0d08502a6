namespace Occam.Measures.Graphs;

/// <summary>
/// The convex hull of points in two or three dimensions, cut into simplices about an inner point, so that
/// uniform points in it can be drawn and its volume is known.
/// </summary>
internal sealed class ConvexHull
{
    private const double Flat = 1e-12;

    private readonly double[][][] _simplices;
    private readonly double[] _cumulative;

    private ConvexHull(double[][][] simplices)
    {
        _simplices = simplices;
        _cumulative = new double[simplices.Length];
        for (var i = 0; i < simplices.Length; i++)
        {
            Volume += SimplexVolume(simplices[i]);
            _cumulative[i] = Volume;
        }
    }

    /// <summary>The area or volume; 0 for points on a line or plane.</summary>
    public double Volume { get; }

    /// <summary>The hull of points, which all have two or all have three coordinates.</summary>
    public static ConvexHull Of(double[][] points)
    {
        var facets = points[0].Length == 2 ? Edges(points) : Triangles(points);
        if (facets.Count == 0)
        {
            return new ConvexHull([]);
        }

        var corners = facets.SelectMany(facet => facet).Distinct().ToArray();
        var center = Enumerable.Range(0, points[0].Length).Select(axis => corners.Average(corner => corner[axis])).ToArray();
        return new ConvexHull([.. facets.Select(facet => (double[][])[center, .. facet])]);
    }

    /// <summary>A point drawn uniformly from the hull.</summary>
    public double[] Sample(SeededRandom random)
    {
        var index = Array.BinarySearch(_cumulative, random.NextDouble() * Volume);
        var simplex = _simplices[Math.Min(index < 0 ? ~index : index, _simplices.Length - 1)];

        // Exponential weights, normalized, are uniform on a simplex.
        var weights = simplex.Select(_ => -Math.Log(1 - random.NextDouble())).ToArray();
        var total = weights.Sum();
        return [.. Enumerable
            .Range(0, simplex[0].Length)
            .Select(axis => simplex.Zip(weights, (corner, weight) => corner[axis] * weight).Sum() / total)];
    }

    private static double SimplexVolume(double[][] simplex)
    {
        var sides = simplex.Skip(1).Select(corner => Minus(corner, simplex[0])).ToArray();
        return sides.Length == 2
            ? Math.Abs((sides[0][0] * sides[1][1]) - (sides[0][1] * sides[1][0])) / 2
            : Math.Abs(Dot(Cross(sides[0], sides[1]), sides[2])) / 6;
    }

    /// <summary>The hull's edges in the plane, by Andrew's monotone chains.</summary>
    private static List<double[][]> Edges(double[][] points)
    {
        var sorted = points.OrderBy(p => p[0]).ThenBy(p => p[1]).ToArray();
        var extent = Extent(points);
        double[][] chain = [.. Chain(sorted, extent), .. Chain([.. sorted.Reverse()], extent)];
        return chain.Length < 3 ? [] : [.. chain.Select((corner, i) => (double[][])[corner, chain[(i + 1) % chain.Length]])];
    }

    private static IEnumerable<double[]> Chain(double[][] sorted, double extent)
    {
        var chain = new List<double[]>();
        foreach (var point in sorted)
        {
            while (chain.Count >= 2 && Turn(chain[^2], chain[^1], point) <= Flat * extent * extent)
            {
                chain.RemoveAt(chain.Count - 1);
            }

            chain.Add(point);
        }

        return chain.Take(chain.Count - 1);
    }

    /// <summary>The hull's triangles in space, point by point: the faces that a new point sees give way to a cone from their rim.</summary>
    private static List<double[][]> Triangles(double[][] points)
    {
        var extent = Extent(points);
        var tolerance = Flat * extent * extent * extent;
        if (FirstTetrahedron(points, tolerance) is not { } corners)
        {
            return [];
        }

        var center = Enumerable.Range(0, 3).Select(axis => corners.Average(i => points[i][axis])).ToArray();
        var faces = new List<(int A, int B, int C)>();
        void Add(int a, int b, int c) => faces.Add(Height(points[a], points[b], points[c], center) > 0 ? (a, c, b) : (a, b, c));
        Add(corners[0], corners[1], corners[2]);
        Add(corners[0], corners[1], corners[3]);
        Add(corners[0], corners[2], corners[3]);
        Add(corners[1], corners[2], corners[3]);
        for (var p = 0; p < points.Length; p++)
        {
            var seen = faces.Where(face => Height(points[face.A], points[face.B], points[face.C], points[p]) > tolerance).ToHashSet();
            if (seen.Count == 0)
            {
                continue;
            }

            var edges = seen.SelectMany(face => new[] { (face.A, face.B), (face.B, face.C), (face.C, face.A) }).ToHashSet();
            faces.RemoveAll(seen.Contains);
            foreach (var (a, b) in edges.Where(edge => !edges.Contains((edge.Item2, edge.Item1))))
            {
                faces.Add((a, b, p));
            }
        }

        return [.. faces.Select(face => (double[][])[points[face.A], points[face.B], points[face.C]])];
    }

    private static int[]? FirstTetrahedron(double[][] points, double tolerance)
    {
        var all = Enumerable.Range(0, points.Length).ToArray();
        var a = 0;
        var b = all.MaxBy(i => Dot(Minus(points[i], points[a]), Minus(points[i], points[a])));
        double Area(int i) => Cross(Minus(points[b], points[a]), Minus(points[i], points[a])) is var normal ? Dot(normal, normal) : 0;
        var c = all.MaxBy(Area);
        var d = all.MaxBy(i => Math.Abs(Height(points[a], points[b], points[c], points[i])));
        return Math.Abs(Height(points[a], points[b], points[c], points[d])) > tolerance ? [a, b, c, d] : null;
    }

    private static double Extent(double[][] points) =>
        Enumerable.Range(0, points[0].Length).Max(axis => points.Max(p => p[axis]) - points.Min(p => p[axis]));

    private static double Turn(double[] a, double[] b, double[] c) =>
        ((b[0] - a[0]) * (c[1] - a[1])) - ((b[1] - a[1]) * (c[0] - a[0]));

    private static double Height(double[] a, double[] b, double[] c, double[] point) =>
        Dot(Cross(Minus(b, a), Minus(c, a)), Minus(point, a));

    private static double[] Minus(double[] left, double[] right) => [.. left.Zip(right, (l, r) => l - r)];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();

    private static double[] Cross(double[] u, double[] v) =>
        [(u[1] * v[2]) - (u[2] * v[1]), (u[2] * v[0]) - (u[0] * v[2]), (u[0] * v[1]) - (u[1] * v[0])];
}
