using System.Collections.Immutable;

namespace Occam.Theory.Parts;

/// <summary>
/// The linear programs of Lemma 2 and Theorem 2 of Loukas et al. 2021: the cheapest a with s(x) = S_T a, the columns of S_T the
/// activations of the training points, of which those with equal activations are one column.
/// </summary>
internal sealed class PatternCombinations
{
    private readonly PathActivations _paths;
    private readonly RowBits[] _rows;
    private readonly RowReduction _reduction;

    private PatternCombinations(ImmutableArray<int[]> points, PathActivations paths, RowBits[] rows)
    {
        (Points, _paths, _rows) = (points, paths, rows);
        _reduction =
            new RowReduction(rows.Select(row => Enumerable.Range(0, paths.Columns).Select(column => row[column] ? 1.0 : 0).ToArray()));
    }

    /// <summary>The training points of each column.</summary>
    public ImmutableArray<int[]> Points { get; }

    /// <summary>The different rows of S_T that aren't 0.</summary>
    public int Rows => _rows.Length;

    /// <summary>The rank of S_T.</summary>
    public int Rank => _reduction.Independent.Count;

    /// <summary>Prepares the programs.</summary>
    /// <param name="context">The network, which <see cref="HiddenActivations.Problem"/> doesn't refuse, and the training data.</param>
    /// <param name="why">Why there are none.</param>
    /// <returns>Null where Assumption 1 doesn't hold, or there are too many different paths.</returns>
    public static PatternCombinations? Of(TheoryContext context, out string? why)
    {
        var assumption = ConsistentLearning.Of(context);
        why = null;
        if (!assumption.PatternsStay)
        {
            why = $"Assumption 1 doesn't hold: {assumption.Changed} training points change their activations between the "
                + $"{context.Snapshots.Length} snapshots";
            return null;
        }

        ImmutableArray<int[]> points = [.. Enumerable.Range(0, assumption.Patterns.Count).GroupBy(i => Text(assumption.Patterns[i]))
            .Select(group => group.ToArray())];
        var paths = PathActivations.Of([.. points.Select(group => assumption.Patterns[group[0]])]);
        if (paths.Rows() is not { } rows)
        {
            why =
                $"the paths through the hidden units have too many different activations ({paths.Units} units, {points.Length} patterns)";
            return null;
        }

        return new PatternCombinations(points, paths, rows);
    }

    /// <summary>A pattern as text, equal for equal patterns.</summary>
    public static string Text(bool[][] pattern) => string.Concat(pattern.SelectMany(layer => layer).Select(on => on ? '1' : '0'));

    /// <summary>The a of least Σ |a| · cost, a number a column; null where no a gives s(x).</summary>
    /// <param name="on">For each layer, which units are on at x.</param>
    /// <param name="costs">A number a column, not negative.</param>
    public double[]? Solve(bool[][] on, double[] costs)
    {
        if (_paths.At(on) is not { } values || _reduction.RightSide([.. _rows.Select(row => values[row] ? 1.0 : 0)]) is not { } right)
        {
            return null;
        }

        // a = a⁺ − a⁻ with both at least 0.
        var (rows, columns) = (_reduction.Independent, costs.Length);
        var matrix = new double[rows.Count, 2 * columns];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                (matrix[i, j], matrix[i, columns + j]) = (rows[i][j], -rows[i][j]);
            }
        }

        return LinearProgram.Solve([.. costs, .. costs], matrix, right) is { } parts
            ? [.. Enumerable.Range(0, columns).Select(j => parts[j] - parts[columns + j])]
            : null;
    }
}
