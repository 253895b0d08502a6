using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>
/// The runs of a sweep: hyperparameter values, measures, gap. Rows with the same hyperparameters are repetitions of each
/// other, as by another seed; a seed isn't a hyperparameter unless the table lists it as one.
/// </summary>
public sealed class RunTable
{
    /// <summary>Makes a table.</summary>
    /// <param name="hyperparameters">The names of what was varied.</param>
    /// <param name="rows">The runs.</param>
    /// <exception cref="OccamException">A row has another number of hyperparameters, or a gap that is no number.</exception>
    public RunTable(ImmutableArray<string> hyperparameters, ImmutableArray<RunRow> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Hyperparameters.Length != hyperparameters.Length)
            {
                throw new OccamException($"run {i + 1} of the table has {rows[i].Hyperparameters.Length} hyperparameters: expected a "
                    + $"value for each of {string.Join(", ", hyperparameters)}");
            }

            if (!double.IsFinite(rows[i].Gap))
            {
                throw new OccamException($"the gap of run {i + 1} of the table is {rows[i].Gap}: leave out runs that failed");
            }
        }

        Hyperparameters = hyperparameters;
        Rows = rows;
    }

    /// <summary>The names of the hyperparameters.</summary>
    public ImmutableArray<string> Hyperparameters { get; }

    /// <summary>The runs.</summary>
    public ImmutableArray<RunRow> Rows { get; }

    /// <summary>The ids of all measures that some run has, in alphabetical order.</summary>
    public ImmutableArray<string> Measures => [.. Rows.SelectMany(row => row.Measures.Keys).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The runs that have a finite value of a measure.</summary>
    public RankingSample For(string measure)
    {
        RunRow[] rows = [.. Rows.Where(row => row.Measures.TryGetValue(measure, out var value) && double.IsFinite(value))];
        return new RankingSample(
            Hyperparameters,
            [.. Enumerable.Range(0, Hyperparameters.Length).Select(i => Codes(rows, i))],
            [.. rows.Select(row => row.Measures[measure])],
            [.. rows.Select(row => row.Gap)]);
    }

    // Values numbered in the order of their first appearance.
    private static ImmutableArray<int> Codes(RunRow[] rows, int hyperparameter)
    {
        Dictionary<string, int> codes = [];
        var coded = ImmutableArray.CreateBuilder<int>(rows.Length);
        foreach (var row in rows)
        {
            var value = row.Hyperparameters[hyperparameter];
            codes.TryAdd(value, codes.Count);
            coded.Add(codes[value]);
        }

        return coded.MoveToImmutable();
    }
}
