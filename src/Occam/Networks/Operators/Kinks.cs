using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The functions whose sign changes are the kinks of a piecewise-affine operator.</summary>
internal static class Kinks
{
    /// <summary>Several switches as one: batch × all of them.</summary>
    public static Tensor Join(params Tensor[] switches) =>
        Tensor.Cat(Array.ConvertAll(switches, each => each.Dimensions > 0 ? each.Reshape(each.Shape[0], -1) : each.Reshape(1, 1)), 1);

    /// <summary>
    /// All differences of two elements along a dimension: between their zeros the order of the elements, and
    /// with it which of them is the largest, stays the same. Not every zero is a kink of the maximum.
    /// </summary>
    /// <exception cref="OccamException">There are too many pairs.</exception>
    public static Tensor Differences(Node node, Tensor values, int dimension)
    {
        var (first, second) = Pairs(node, values, dimension);
        return first - second;
    }

    /// <summary>The first and the second elements of all pairs along a dimension.</summary>
    /// <exception cref="OccamException">There are too many of them.</exception>
    public static (Tensor First, Tensor Second) Pairs(Node node, Tensor values, int dimension)
    {
        var size = values.Shape[dimension];
        Limits.CheckElements(node, Math.Max(1, values.Elements), Math.Max(1, size));
        List<long> firsts = [], seconds = [];
        for (var i = 0L; i < size; i++)
        {
            for (var j = i + 1; j < size; j++)
            {
                firsts.Add(i);
                seconds.Add(j);
            }
        }

        Tensor Pick(List<long> indices) => values.IndexSelect(dimension, Tensor.FromArray([.. indices], indices.Count).To(values.Device));
        return (Pick(firsts), Pick(seconds));
    }
}
