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
    public static Tensor Differences(Tensor values, int dimension)
    {
        var (first, second) = Pairs(values, dimension);
        return first - second;
    }

    /// <summary>The first and the second elements of all pairs along a dimension.</summary>
    public static (Tensor First, Tensor Second) Pairs(Tensor values, int dimension)
    {
        var size = values.Shape[dimension];
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
