using Occam.Data;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// The plane that data lie on: the input space itself where it has two dimensions, or else the plane through the
/// data's mean along their two principal directions, if no example is farther from it than rounding explains.
/// </summary>
/// <param name="Slice">The plane, with orthonormal directions.</param>
/// <param name="Points">The examples' coordinates on it.</param>
internal sealed record DataPlane(PlaneSlice Slice, IReadOnlyList<PlanePoint> Points)
{
    // float32 data that were made on a plane lie beside it by about this part of their extent.
    private const double Flatness = 1e-5;

    // Where the first examples are on no plane, the others need no check.
    private const int ExamplesCheckedFirst = 16;

    /// <summary>The smallest rectangle along the plane's directions that holds all examples; null where it has no area.</summary>
    public ConvexPolygon? BoundingBox
    {
        get
        {
            var (left, right) = (Points.Min(point => point.S), Points.Max(point => point.S));
            var (bottom, top) = (Points.Min(point => point.T), Points.Max(point => point.T));
            return left < right && bottom < top ? ConvexPolygon.Rectangle(left, right, bottom, top) : null;
        }
    }

    /// <summary>The plane of data; null where they lie on none, or on many (on a line).</summary>
    /// <param name="data">The examples.</param>
    /// <param name="exampleShape">The sizes in which they go into the network.</param>
    public static DataPlane? Of(DataSet data, params long[] exampleShape)
    {
        if (data.ExampleSize < 2 || data.Count < 3)
        {
            return null;
        }

        if (data.ExampleSize == 2)
        {
            return On(PlaneSlice.OfTwoInputs(exampleShape), Inputs(data, data.Count));
        }

        return IsFlat(Inputs(data, Math.Min(ExamplesCheckedFirst, data.Count))) ? Principal(Inputs(data, data.Count), exampleShape) : null;
    }

    private static DataPlane On(PlaneSlice slice, double[][] inputs) => new(slice, Array.ConvertAll(inputs, x => slice.Project(x)));

    private static bool IsFlat(double[][] inputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Components(inputs).Variances is not [.., var third, _, var first] || third <= Flatness * Flatness * first;
    }

    private static DataPlane? Principal(double[][] inputs, long[] exampleShape)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (!IsFlat(inputs))
        {
            return null;
        }

        var (mean, variances, direction) = Components(inputs);
        return variances[^2] > Flatness * Flatness * variances[^1]
            ? On(new PlaneSlice(mean, direction(1), direction(2), exampleShape), inputs)
            : null;
    }

    /// <summary>The mean, the principal variances in ascending order, and the principal directions counted from the last.</summary>
    private static (double[] Mean, double[] Variances, Func<int, double[]> Direction) Components(double[][] inputs)
    {
        using var grad = Libtorch.NoGrad();
        var x = Tensor.FromArray(inputs.SelectMany(row => row).ToArray(), inputs.Length, inputs[0].Length);
        var mean = x.Mean([0], keep: true);
        var centered = x - mean;

        // The smaller of the two Gram matrices has the same eigenvalues.
        var byExample = inputs.Length < inputs[0].Length;
        var eigen = (byExample ? centered.MatMul(centered.T()) : centered.T().MatMul(centered)).EigenSymmetric();
        var variances = eigen[0].ToArray<double>();
        double[] Direction(int fromLast)
        {
            using var grad = Libtorch.NoGrad();
            var vector = eigen[1].Select(1, variances.Length - fromLast);
            var direction = byExample ? centered.T().MatMul(vector) : vector;
            return (direction / direction.Norm()).ToArray<double>();
        }

        return (mean.Reshape(-1).ToArray<double>(), variances, Direction);
    }

    private static double[][] Inputs(DataSet data, int count)
    {
        var all = new double[count * data.ExampleSize];
        data.CopyInputs(Enumerable.Range(0, count).ToArray(), all);
        return [.. all.Chunk(data.ExampleSize)];
    }
}
