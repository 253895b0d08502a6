using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Dimensions as nodes name them: negative ones count from the last.</summary>
internal static class Axes
{
    /// <summary>An axis as an index from the front.</summary>
    /// <exception cref="OccamException">There is no such dimension.</exception>
    public static int Find(Node node, long axis, int dimensions) =>
        axis >= -dimensions && axis < dimensions
            ? (int)(axis < 0 ? axis + dimensions : axis)
            : throw new OccamException($"{node} names axis {axis} of a tensor with {dimensions} dimensions");

    /// <summary>Several axes as indices from the front, in the order given.</summary>
    /// <exception cref="OccamException">There is no such dimension, or one is named twice.</exception>
    public static int[] FindAll(Node node, long[] axes, int dimensions)
    {
        var found = Array.ConvertAll(axes, axis => Find(node, axis, dimensions));
        return found.Distinct().Count() == found.Length
            ? found
            : throw new OccamException($"{node} names an axis twice: {string.Join(", ", axes)}");
    }

    /// <summary>All axes, in order.</summary>
    public static int[] All(Tensor tensor) => [.. Enumerable.Range(0, tensor.Dimensions)];

    /// <summary>A place among the gaps between dimensions, from 0 to their number, as Flatten's axis names it.</summary>
    /// <exception cref="OccamException">There is no such place.</exception>
    public static int FindGap(Node node, long axis, int dimensions) => axis == dimensions ? dimensions : Find(node, axis, dimensions);

    /// <summary>The product of some sizes.</summary>
    public static long Product(ReadOnlySpan<long> sizes)
    {
        var product = 1L;
        foreach (var size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
