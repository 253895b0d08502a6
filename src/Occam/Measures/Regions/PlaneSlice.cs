using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// A plane in a network's input space: origin + s·u + t·v. The directions need not be orthonormal; lengths and
/// areas on the plane are in the coordinates (s, t), which are those of the input space where u and v are
/// orthonormal.
/// </summary>
public sealed class PlaneSlice
{
    private readonly double[] _origin;
    private readonly double[] _u;
    private readonly double[] _v;
    private readonly long[] _exampleShape;

    /// <summary>Makes a slice of inputs of a shape.</summary>
    /// <param name="origin">The input at (0, 0), its elements in order.</param>
    /// <param name="u">The direction of s.</param>
    /// <param name="v">The direction of t.</param>
    /// <param name="exampleShape">The sizes of one example.</param>
    /// <exception cref="OccamException">The sizes differ, or the directions span no plane.</exception>
    public PlaneSlice(double[] origin, double[] u, double[] v, params long[] exampleShape)
    {
        var size = exampleShape.Aggregate(1L, (product, next) => product * next);
        if (origin.Length != size || u.Length != size || v.Length != size)
        {
            throw new OccamException($"a plane of {origin.Length}, {u.Length} and {v.Length} numbers can't cut inputs of "
                + $"{string.Join("×", exampleShape)}: expected {size} each");
        }

        var (uu, uv, vv) = (Dot(u, u), Dot(u, v), Dot(v, v));
        if (!((uu * vv) - (uv * uv) > 1e-20 * uu * vv))
        {
            throw new OccamException("the two directions of the plane are parallel, zero or not finite: they span no plane");
        }

        (_origin, _u, _v, _exampleShape) = (origin, u, v, exampleShape);
    }

    /// <summary>The sizes of one example.</summary>
    public IReadOnlyList<long> ExampleShape => _exampleShape;

    /// <summary>The whole input space of a network of two inputs: s the first, t the second.</summary>
    public static PlaneSlice OfTwoInputs(params long[] exampleShape) => new([0, 0], [1, 0], [0, 1], exampleShape);

    /// <summary>The plane through three inputs: (0, 0), (1, 0) and (0, 1).</summary>
    /// <exception cref="OccamException">They lie on a line.</exception>
    public static PlaneSlice Through(double[] first, double[] second, double[] third, params long[] exampleShape) =>
        new(first, [.. second.Zip(first, (to, from) => to - from)], [.. third.Zip(first, (to, from) => to - from)], exampleShape);

    /// <summary>The input at a point of the plane.</summary>
    public double[] Input(PlanePoint point)
    {
        var input = new double[_origin.Length];
        Write(point, input);
        return input;
    }

    /// <summary>The inputs at points of the plane in float64: points × example.</summary>
    public Tensor Inputs(IReadOnlyList<PlanePoint> points)
    {
        var inputs = GC.AllocateUninitializedArray<double>(checked(points.Count * _origin.Length));
        for (var i = 0; i < points.Count; i++)
        {
            Write(points[i], inputs.AsSpan(i * _origin.Length, _origin.Length));
        }

        return Tensor.FromArray(inputs, [points.Count, .. _exampleShape]);
    }

    /// <summary>The coordinates of the point of the plane that is nearest to an input.</summary>
    public PlanePoint Project(ReadOnlySpan<double> input)
    {
        var (uu, uv, vv) = (Dot(_u, _u), Dot(_u, _v), Dot(_v, _v));
        var (xu, xv) = (0.0, 0.0);
        for (var i = 0; i < _origin.Length; i++)
        {
            xu += (input[i] - _origin[i]) * _u[i];
            xv += (input[i] - _origin[i]) * _v[i];
        }

        var determinant = (uu * vv) - (uv * uv);
        return new(((xu * vv) - (xv * uv)) / determinant, ((xv * uu) - (xu * uv)) / determinant);
    }

    /// <summary>The directions ∂x/∂s and ∂x/∂t for a batch of so many examples.</summary>
    internal (Tensor U, Tensor V) Directions(int count)
    {
        long[] shape = [count, .. _exampleShape];
        Tensor Repeated(double[] direction) => Tensor.FromArray(direction, [1, .. _exampleShape]).Expand(shape).Contiguous();
        return (Repeated(_u), Repeated(_v));
    }

    private void Write(PlanePoint point, Span<double> input)
    {
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = _origin[i] + (point.S * _u[i]) + (point.T * _v[i]);
        }
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();
}
