using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The smallest box around a sample along its principal axes, divided into cubes of a diagonal of 2r: each lies in a ball of radius r,
/// and no two of its points are farther apart than 2r.
/// </summary>
internal sealed class CubePartition
{
    private const double Negligible = 1e-12;
    private const double OffTheBox = 1e-9;

    private readonly double[] _mean;
    private readonly double[][] _axes;
    private readonly double[] _start;
    private readonly double[] _extents;

    private CubePartition(double[] mean, double[][] axes, double[] start, double[] extents)
    {
        (_mean, _axes, _start, _extents) = (mean, axes, start, extents);
    }

    /// <summary>The box around points, all of one length.</summary>
    public static CubePartition Around(double[][] points)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var x = Tensor.FromArray([.. points.SelectMany(point => point)], points.Length, points[0].Length);
        var mean = x.Mean([0], keep: true);
        var centered = x - mean;

        // The smaller of the two Gram matrices has the same eigenvalues.
        var byPoint = points.Length < points[0].Length;
        var eigen = (byPoint ? centered.MatMul(centered.T()) : centered.T().MatMul(centered)).EigenSymmetric();
        var squares = eigen[0].ToArray<double>();
        List<(double[] Axis, double Start, double Extent)> found = [];
        for (var i = 0; i < squares.Length; i++)
        {
            if (squares[i] > Negligible * squares[^1] && squares[i] > 0)
            {
                var vector = eigen[1].Select(1, i).Unsqueeze(1);
                var axis = byPoint ? centered.T().MatMul(vector) / Math.Sqrt(squares[i]) : vector;
                var along = centered.MatMul(axis).ToArray<double>();
                found.Add((axis.Contiguous().ToArray<double>(), along.Min(), along.Max() - along.Min()));
            }
        }

        return new CubePartition(
            mean.ToArray<double>(), [.. found.Select(one => one.Axis)], [.. found.Select(one => one.Start)],
            [.. found.Select(one => one.Extent)]);
    }

    /// <summary>How many cubes fill the box; infinite for a radius of 0.</summary>
    public double Count(double radius)
    {
        var edge = Edge(radius);
        return _extents.Aggregate(1.0, (product, extent) => product * Math.Max(1, Math.Ceiling(extent / edge)));
    }

    /// <summary>The cube that a point lies in, equal for points of the same; null where it isn't in the box.</summary>
    public string? Cube(double radius, double[] point)
    {
        var edge = Edge(radius);
        double[] rest = [.. point.Zip(_mean, (x, mean) => x - mean)];
        var (size, places) = (Norm(rest), new double[_axes.Length]);
        for (var axis = 0; axis < _axes.Length; axis++)
        {
            var along = _axes[axis].Zip(rest, (a, x) => a * x).Sum();
            rest = [.. rest.Zip(_axes[axis], (x, a) => x - (along * a))];
            var at = along - _start[axis];
            if (at < -OffTheBox * _extents[axis] || at > (1 + OffTheBox) * _extents[axis])
            {
                return null;
            }

            // The far side belongs to the last cube.
            places[axis] = Math.Clamp(Math.Floor(at / edge), 0, Math.Max(0, Math.Ceiling(_extents[axis] / edge) - 1));
        }

        // Single precision puts data of a subspace beside it by about this part.
        return Norm(rest) <= 1e-5 * (size + Norm(_mean)) ? string.Join(',', places) : null;
    }

    private double Edge(double radius) => 2 * radius / Math.Sqrt(Math.Max(1, _extents.Length));

    private static double Norm(double[] vector) => System.Numerics.Tensors.TensorPrimitives.Norm<double>(vector);
}
