using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Operands that are broadcast: moving them to one device, their common size, and how often an element is repeated.</summary>
internal static class Broadcasting
{
    /// <summary>
    /// Two operands on one device. They are on different devices only where one holds whole numbers or truth values (kept
    /// on the CPU) and the other data.
    /// </summary>
    /// <exception cref="OccamException">Their broadcast shape would be too large.</exception>
    public static (Tensor Left, Tensor Right) OnOneDevice(Node node, Tensor left, Tensor right)
    {
        CheckShape(node, left.Shape, right.Shape);
        return left.Device == right.Device ? (left, right)
            : left.Device.IsCpu ? (left.To(right.Device), right)
            : (left, right.To(left.Device));
    }

    /// <summary>
    /// Checks the size of what two shapes broadcast to, with more dimensions after it. (Two long vectors make
    /// an enormous table.) Shapes that don't fit are left to libtorch to refuse.
    /// </summary>
    /// <exception cref="OccamException">It would be too large.</exception>
    public static void CheckShape(Node node, ReadOnlySpan<long> left, ReadOnlySpan<long> right, params ReadOnlySpan<long> after)
    {
        var common = Math.Max(left.Length, right.Length);
        var shape = new long[common + after.Length];
        for (var i = 1; i <= common; i++)
        {
            shape[common - i] = Math.Max(i <= left.Length ? left[^i] : 1, i <= right.Length ? right[^i] : 1);
        }

        after.CopyTo(shape.AsSpan(common));
        Limits.CheckElements(node, shape);
    }

    /// <summary>How many elements of the output one element of the input becomes.</summary>
    public static double Copies(Tensor input, Tensor output) =>
        input.Elements == 0 ? 0 : (double)output.Elements / input.Elements;

    /// <summary>
    /// The norm of x ↦ c · x where x is broadcast against a constant c: an element of x is multiplied by the
    /// constants of all its copies, whose root sum of squares is what it can grow by. Exact.
    /// </summary>
    public static double ProductNorm(Tensor constant, Tensor varying, Tensor output)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        var squares = constant.To(Device.Cpu).To(ScalarType.Float64).Square().Expand(output.Shape);
        var missing = output.Dimensions - varying.Dimensions;
        var repeated = Enumerable.Range(0, output.Dimensions)
            .Where(i => i < missing || (varying.Shape[i - missing] == 1 && output.Shape[i] != 1))
            .Select(i => (long)i)
            .ToArray();
        var sums = repeated.Length > 0 ? squares.Sum(repeated) : squares;
        return output.Elements == 0 ? 0 : Math.Sqrt(Largest(sums));
    }

    /// <summary>A bound of an output each of whose numbers changes no more than one of its operands' does.</summary>
    public static double RootSumOfSquares(LipschitzCall call) =>
        Math.Sqrt(call.InputBounds.Select((bound, i) => bound > 0 ? bound * bound * Copies(call.Call[i], call.Output) : 0).Sum());

    /// <summary>The largest of the absolute values.</summary>
    public static double LargestMagnitude(Tensor tensor)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        return tensor.Elements == 0 ? 0 : Largest(tensor.To(ScalarType.Float64).Abs());
    }

    private static double Largest(Tensor tensor) => tensor.Flatten().AMax([0]).Item();
}
