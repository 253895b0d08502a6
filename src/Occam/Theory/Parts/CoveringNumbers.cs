using MathNet.Numerics.Statistics;

namespace Occam.Theory.Parts;

/// <summary>
/// How many ℓ2 balls of a radius cover a set that is known by a sample: four answers that are different things.
/// </summary>
internal sealed class CoveringNumbers
{
    private readonly double[][] _points;
    private CubePartition? _cubes;

    /// <summary>Takes the sample.</summary>
    /// <param name="points">Its points, all of one length.</param>
    /// <exception cref="OccamException">There are none.</exception>
    public CoveringNumbers(double[][] points)
    {
        _points = points.Length > 0 ? points : throw new OccamException("no points to cover: give at least one");
        Radius = RadiusOf(points);
        IntrinsicDimension = TwoNearestNeighbours(points);
    }

    /// <summary>The largest distance of a point from the mean.</summary>
    public double Radius { get; }

    /// <summary>
    /// The intrinsic dimension k by the two nearest neighbours (Facco et al. 2017): N/Σ ln(r_2/r_1); NaN where all points have a
    /// double, or there are fewer than three.
    /// </summary>
    public double IntrinsicDimension { get; }

    /// <summary>
    /// The number of balls of a greedy cover with centers in the sample: an upper bound of the sample's covering number, and
    /// no bound of that of the set it comes from.
    /// </summary>
    public int GreedyCover(double radius) => Centers(radius).Count;

    /// <summary>
    /// The number of points, greedily chosen, that lie more than twice the radius apart: no ball holds two of them, so it is
    /// a lower bound of the covering number, the sample's and the set's.
    /// </summary>
    public int Packing(double radius) => Centers(2 * radius).Count;

    /// <summary>
    /// (C/r)^k with C the <see cref="Radius"/> and k the <see cref="IntrinsicDimension"/>: the formula for a regular
    /// k-dimensional manifold, an estimate; at least 1.
    /// </summary>
    public double Manifold(double radius) => Math.Max(1, Math.Pow(Radius / radius, IntrinsicDimension));

    /// <summary>
    /// The number of cubes of diagonal 2r that fill the smallest box along the sample's principal axes: an upper bound of the covering
    /// number of that box, and of every set in it; infinite for a radius of 0.
    /// </summary>
    public double Box(double radius) => Cubes.Count(radius);

    /// <summary>Those cubes.</summary>
    internal CubePartition Cubes => _cubes ??= CubePartition.Around(_points);

    private List<double[]> Centers(double radius)
    {
        var centers = new List<double[]>();
        foreach (var point in _points)
        {
            if (centers.TrueForAll(center => Distance(center, point) > radius))
            {
                centers.Add(point);
            }
        }

        return centers;
    }

    private static double RadiusOf(double[][] points)
    {
        double[] mean = [.. Enumerable.Range(0, points[0].Length).Select(axis => points.Average(point => point[axis]))];
        return points.Max(point => Distance(mean, point));
    }

    private static double TwoNearestNeighbours(double[][] points)
    {
        const int Most = 2000;
        var some = points.Length <= Most
            ? points
            : [.. Enumerable.Range(0, Most).Select(i => points[(int)((long)i * points.Length / Most)])];
        var ratios = some.AsParallel().AsOrdered().Select(point =>
        {
            var (first, second) = (double.PositiveInfinity, double.PositiveInfinity);
            foreach (var other in some)
            {
                if (!ReferenceEquals(point, other))
                {
                    var distance = Distance(point, other);
                    (first, second) = distance < first ? (distance, first) : (first, Math.Min(second, distance));
                }
            }

            return second / first;
        }).Where(ratio => double.IsFinite(ratio) && ratio > 0).ToArray();
        var mean = ratios.Length > 0 ? ratios.Select(ratio => Math.Log(ratio)).Mean() : 0;
        return mean > 0 ? 1 / mean : double.NaN;
    }

    private static double Distance(double[] left, double[] right) => System.Numerics.Tensors.TensorPrimitives.Distance<double>(left, right);
}
