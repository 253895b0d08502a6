using Occam.Lab.Runs.Query;

namespace Occam.Lab.Runs.Export;

/// <summary>The three tables of <see cref="RunQuery"/> as files.</summary>
public static class RunTables
{
    /// <summary>Comma-separated, with a line of headings.</summary>
    public const string Csv = "csv";

    /// <summary>Parquet, compressed.</summary>
    public const string Parquet = "parquet";

    // With their columns of text, which a spreadsheet might take for formulas.
    private static readonly (string Name, string[] Texts)[] s_tables =
    [
        ("runs", ["run", "state", "why", "device", "engine", "occam", "folder"]),
        ("config", ["run", "key", "value"]),
        ("metrics", ["run", "name"]),
    ];

    /// <summary>
    /// Writes <c>runs</c>, <c>config</c> and <c>metrics</c>, in place of what has these names: all of them, or none. In CSV a text that a
    /// spreadsheet would take for a formula gets an apostrophe before it.
    /// </summary>
    /// <param name="store">The runs.</param>
    /// <param name="folder">Where to; made where it isn't there.</param>
    /// <param name="format"><see cref="Csv"/> or <see cref="Parquet"/>.</param>
    /// <param name="unreadable">Called with the reason for each run, or part of one, that can't be read.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OccamException">A file can't be written.</exception>
    public static void Write(
        RunStore store, string folder, string format, Action<string>? unreadable = null, CancellationToken cancellation = default)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"{folder} can't be written: {e.Message}", e);
        }

        AtomicFile.WriteNamed([.. s_tables.Select(table => Path.Combine(folder, $"{table.Name}.{format}"))], files =>
        {
            var statements = s_tables.Zip(files, (table, file) => format == Parquet
                ? $"COPY {table.Name} TO '{Quoted(file)}' (FORMAT parquet, COMPRESSION zstd)"
                : $"COPY (SELECT * REPLACE ({string.Join(", ", table.Texts.Select(Guarded))}) FROM {table.Name}) TO '{Quoted(file)}' "
                    + "(FORMAT csv, HEADER)");
            _ = RunQuery.Ask(store, string.Join("; ", statements), unreadable, isUnlocked: true, cancellation);
        });
    }

    // As Csv.Row does it.
    private static string Guarded(string column) =>
        $"CASE WHEN length({column}) > 0 AND contains('{Text.Csv.Formulas}', left({column}, 1)) AND try_cast({column} AS DOUBLE) IS NULL "
            + $"THEN chr(39) || {column} ELSE {column} END AS {column}";

    private static string Quoted(string file) => file.Replace("'", "''", StringComparison.Ordinal);
}
