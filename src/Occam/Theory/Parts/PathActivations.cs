using System.Collections.Immutable;

namespace Occam.Theory.Parts;

/// <summary>
/// The rows of S_T of Loukas et al. 2021, Theorem 2, a path through one unit of each hidden layer each, against the
/// training points as columns: which points have all units of the path on. There are as many paths as the product of the
/// layers' widths, and far fewer different rows: equal ones are merged, and those that are 0 everywhere dropped.
/// </summary>
internal sealed class PathActivations
{
    private const int MostRows = 1 << 15;

    private readonly ImmutableArray<RowBits>[] _units;

    private PathActivations(ImmutableArray<RowBits>[] units, int columns)
    {
        _units = units;
        Columns = columns;
    }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>Takes the columns' hidden activations.</summary>
    /// <param name="columns">For each column, for each layer, which units are on.</param>
    public static PathActivations Of(IReadOnlyList<bool[][]> columns)
    {
        var units = new ImmutableArray<RowBits>[columns[0].Length];
        for (var index = 0; index < units.Length; index++)
        {
            var layer = index;
            units[layer] = [.. Enumerable
                .Range(0, columns[0][layer].Length)
                .Select(unit => RowBits.Of(columns.Count, column => columns[column][layer][unit]))];
        }

        return new PathActivations(units, columns.Count);
    }

    /// <summary>The units of all hidden layers.</summary>
    public int Units => _units.Sum(layer => layer.Length);

    /// <summary>The different rows that aren't 0 everywhere; null where there are too many to work with.</summary>
    public RowBits[]? Rows()
    {
        var rows = new HashSet<RowBits> { RowBits.All(Columns) };
        foreach (var layer in _units)
        {
            RowBits[] units = [.. layer.Distinct()];
            rows = [.. rows.SelectMany(row => units.Select(row.And))];
            if (rows.Count > MostRows)
            {
                return null;
            }
        }

        return [.. rows.Where(row => !row.IsZero)];
    }

    /// <summary>
    /// Whether every path is on at some column, S 1 ≥ 1: a covering set; null where there are too many different rows to tell.
    /// </summary>
    public bool? IsCovering() => Covers(Array.ConvertAll(_units, layer => Enumerable.Repeat(true, layer.Length).ToArray()));

    /// <summary>
    /// Whether every path that is on at x is on at some column, s(x) ≤ S 1; null where there are too many different rows to tell.
    /// </summary>
    /// <param name="on">For each layer, which units are on at x.</param>
    public bool? Covers(bool[][] on)
    {
        var rows = new HashSet<RowBits> { RowBits.All(Columns) };
        for (var layer = 0; layer < _units.Length; layer++)
        {
            RowBits[] units = [.. _units[layer].Where((_, unit) => on[layer][unit]).Distinct()];
            rows = [.. rows.SelectMany(row => units.Select(row.And))];
            if (rows.Count > MostRows)
            {
                return null;
            }
        }

        return rows.All(row => !row.IsZero);
    }

    /// <summary>
    /// s(x) by row; null where no combination of the columns can give it, because a path is on at x and at no column, or
    /// two paths are equal at all columns and not at x.
    /// </summary>
    /// <param name="on">For each layer, which units are on at x.</param>
    public Dictionary<RowBits, bool>? At(bool[][] on)
    {
        // Paths that are equal at all columns stay apart where they differ at x: what follows may make them equal again.
        var rows = new HashSet<(RowBits Bits, bool On)> { (RowBits.All(Columns), true) };
        for (var layer = 0; layer < _units.Length; layer++)
        {
            var units = _units[layer].Select((bits, unit) => (Bits: bits, On: on[layer][unit])).Distinct().ToArray();
            rows = [.. rows.SelectMany(row => units.Select(unit => (row.Bits.And(unit.Bits), row.On && unit.On)))];
        }

        return Checked(rows);
    }

    private static Dictionary<RowBits, bool>? Checked(IEnumerable<(RowBits Bits, bool On)> rows)
    {
        var consistent = new Dictionary<RowBits, bool>();
        foreach (var (bits, on) in rows)
        {
            if (bits.IsZero)
            {
                if (on)
                {
                    return null;
                }
            }
            else if (!consistent.TryAdd(bits, on) && consistent[bits] != on)
            {
                return null;
            }
        }

        return consistent;
    }
}
