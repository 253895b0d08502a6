using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>
/// Arrays beside the inputs that a file keeps as its network takes them, such as the states of an LSTM, layers × examples × units: where
/// their first index counts something else and one other counts the examples, they are turned so that it is the first.
/// </summary>
internal static class ExamplesFirst
{
    /// <summary>The arrays, turned where they must be and can be.</summary>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="count">How many examples there are.</param>
    /// <returns>The arrays, and what was done as the end of a line for people; empty for nothing.</returns>
    public static (ImmutableDictionary<string, DataSet> Arrays, string Told) Of(ImmutableDictionary<string, DataSet> arrays, int count)
    {
        var told = new List<string>();
        foreach (var (name, array) in arrays.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            int[] shape = [array.Count, .. array.ExampleShape];
            if (array.Count == count || shape.Count(size => size == count) != 1)
            {
                continue;
            }

            var axis = Array.IndexOf(shape, count);
            arrays = arrays.SetItem(name, Turned(array, shape, axis));
            told.Add($"{Message.Clean(name)} by its dimension {axis}");
        }

        return (arrays, told.Count == 0 ? "" : $", the examples counted in {string.Join(" and ", told)}");
    }

    private static ArrayDataSet<double> Turned(DataSet array, int[] shape, int axis)
    {
        var stored = new double[array.Count * array.ExampleSize];
        array.CopyInputs([.. Enumerable.Range(0, array.Count)], stored);
        var (before, size) = (shape[..axis].Aggregate(1, (product, length) => product * length), shape[axis]);
        var after = stored.Length / (before * size);
        var turned = new double[stored.Length];
        for (var i = 0; i < before * size; i++)
        {
            stored.AsSpan(i * after, after).CopyTo(turned.AsSpan(((i % size * before) + (i / size)) * after));
        }

        int[] example = [.. shape[..axis], .. shape[(axis + 1)..]];
        return new(new DataSetFacts(array.Name, array.Source, example, size, null, null) { MayBeInfinite = true }, turned);
    }
}
