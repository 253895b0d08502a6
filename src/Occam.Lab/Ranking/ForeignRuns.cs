using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;

namespace Occam.Lab.Ranking;

/// <summary>
/// Runs of another program's, as a table of CSV or Parquet: a row a run, columns of settings, measures and what to rank by.
/// </summary>
public static class ForeignRuns
{
    /// <summary>Reads a table and ranks its measures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">The column of what the measures should rank, such as the generalization gap.</param>
    /// <param name="settings">The columns of hyperparameters; those that hold text when empty.</param>
    /// <param name="measures">The columns of measures; all other columns of numbers when empty.</param>
    /// <param name="options">How they are ranked.</param>
    /// <exception cref="OccamException">The file can't be read, has no such column, or fewer than two runs.</exception>
    public static SweepRanking Rank(
        string path, string target, IReadOnlyCollection<string> settings, IReadOnlyCollection<string> measures, RankingOptions options)
    {
        using var table = new TableReader(path);
        var (names, rows) = (table.Columns.Select(column => column.Name).ToArray(), new List<string?[]>());
        Check(path, names, [target, .. settings, .. measures]);
        table.Read(table.Columns.Select(column => $"CAST({column.Key} AS VARCHAR)"), (reader, _) =>
        {
            options.Cancellation.ThrowIfCancellationRequested();
            rows.Add([.. Enumerable.Range(0, names.Length).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i).Trim())]);
        });
        var numbers = names.Select((_, column) => rows.Select(row => Number(row[column])).ToArray()).ToArray();
        bool IsNumeric(int column) =>
            Enumerable.Range(0, rows.Count).All(i => string.IsNullOrEmpty(rows[i][column]) || numbers[column][i] is not null);
        var by = Array.IndexOf(names, target);
        int[] axes = [.. Enumerable.Range(0, names.Length).Where(column => column != by
            && (settings.Count > 0 ? settings.Contains(names[column]) : !IsNumeric(column)))];
        int[] measured = [.. Enumerable.Range(0, names.Length).Where(column => column != by && !axes.Contains(column)
            && (measures.Count > 0 ? measures.Contains(names[column]) : IsNumeric(column)))];
        if (measured.Length == 0)
        {
            var beside = axes.Length > 0 ? $" and the settings {Listed(axes.Select(axis => names[axis]))}" : "";
            throw new OccamException($"{path} has no column of numbers beside '{target}'{beside}: there is no measure to rank");
        }

        var runs = ImmutableArray.CreateBuilder<MeasuredRun>();
        var leftOut = ImmutableArray.CreateBuilder<(string, string)>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (numbers[by][i] is not { } value || !double.IsFinite(value))
            {
                leftOut.Add(($"row {i + 1}", $"its '{target}' is {(string.IsNullOrEmpty(rows[i][by]) ? "missing" : rows[i][by])}"));
                continue;
            }

            var (row, at) = (rows[i], i);
            runs.Add(new MeasuredRun(
                $"row {i + 1}", [.. axes.Select(axis => row[axis] ?? "")], new RunErrors(double.NaN, value, 0, AreShares: false),
                measured.ToImmutableSortedDictionary(
                    column => names[column],
                    column => new MeasuredValue(numbers[column][at], 0, numbers[column][at] is null ? "the table has no value" : null, 0),
                    StringComparer.Ordinal)));
        }

        return runs.Count < 2
            ? throw new OccamException($"{path} has {runs.Count} run{(runs.Count == 1 ? "" : "s")} with a value of '{target}': expected at "
                + "least two")
            : SweepRanking.Rank(
                RankingTarget.TestError, [.. axes.Select(axis => names[axis])], runs.ToImmutable(), leftOut.ToImmutable(), options,
                target);
    }

    private static void Check(string path, string[] names, IEnumerable<string> asked)
    {
        if (asked.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new OccamException($"{path} has no column '{PrintableText.Short(unknown)}'"
                + $"{Nearest.Hint(unknown, names.Select(name => PrintableText.Short(name)))} It has {Listed(names)}");
        }
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => PrintableText.Short(name)));

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
