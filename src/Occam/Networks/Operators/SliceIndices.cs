using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Indices of a model as rows of a table: the slices, or the single elements, that they lead to.</summary>
internal static class SliceIndices
{
    /// <summary>
    /// The slices of a tensor that tuples of indices lead to, the tuples' numbers standing in the last dimension: as rows of the
    /// tensor seen as a table, whose width is what the tuples leave open.
    /// </summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="indices">Batch dimensions … × numbers in a tuple.</param>
    /// <param name="batch">How many leading dimensions the two have in common, whose indices the tuples don't tell.</param>
    /// <returns>The rows, and how many dimensions lead to one.</returns>
    /// <exception cref="OccamException">An index is out of range, or the tuples are too long or empty.</exception>
    public static (long[] Rows, int Depth) OfTuples(Node node, long[] shape, Tensor indices, int batch = 0)
    {
        var length = indices.Dimensions == 0 ? 0 : (int)indices.Shape[^1];
        if (length < 1 || batch < 0 || batch + length > shape.Length || batch >= indices.Dimensions
            || !indices.Shape.AsSpan(0, batch).SequenceEqual(shape.AsSpan(0, batch)))
        {
            throw new OccamException($"{node} has indices of shape {string.Join("×", indices.Shape)} into {string.Join("×", shape)}: "
                + $"expected tuples of 1 to {shape.Length - batch} numbers{(batch > 0 ? $" after {batch} dimensions in common" : "")}");
        }

        var numbers = indices.ToArray<long>();
        var rows = new long[numbers.Length / length];
        var perBatch = Math.Max(1, rows.Length / Math.Max(1, Axes.Product(shape.AsSpan(0, batch))));
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i / perBatch * (batch > 0 ? 1 : 0);
            for (var j = 0; j < length; j++)
            {
                var size = shape[batch + j];
                rows[i] = (rows[i] * size) + FromFront(node, numbers[(i * length) + j], size);
            }
        }

        return (rows, batch + length);
    }

    /// <summary>
    /// The elements of a tensor that indices along one axis lead to, each at its own place in all other dimensions: as places in
    /// row-major order.
    /// </summary>
    /// <exception cref="OccamException">An index is out of range, or the indices reach beyond the tensor.</exception>
    public static long[] OfElements(Node node, long[] shape, Tensor indices, int axis)
    {
        if (indices.Dimensions != shape.Length || indices.Shape.Where((size, i) => i != axis && size > shape[i]).Any())
        {
            throw new OccamException($"{node} has indices of shape {string.Join("×", indices.Shape)} into {string.Join("×", shape)}: "
                + $"expected as many dimensions, and no larger ones but the one of axis {axis}");
        }

        var places = indices.ToArray<long>();
        var at = new long[shape.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var place = 0L;
            for (var d = 0; d < shape.Length; d++)
            {
                place = (place * shape[d]) + (d == axis ? FromFront(node, places[i], shape[d]) : at[d]);
            }

            places[i] = place;
            for (var d = shape.Length - 1; d >= 0 && ++at[d] == indices.Shape[d]; d--)
            {
                at[d] = 0;
            }
        }

        return places;
    }

    /// <summary>How often the row that is named most often is.</summary>
    public static int MostRepeats(long[] rows) => rows.CountBy(row => row).Select(pair => pair.Value).DefaultIfEmpty().Max();

    private static long FromFront(Node node, long index, long size)
    {
        var from = index < 0 ? index + size : index;
        return from >= 0 && from < size ? from : throw new OccamException($"{node} names index {index} of a dimension of {size}");
    }
}
