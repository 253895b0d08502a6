using Occam.Lab.Runs.Query;

namespace Occam.Lab.Runs.Export;

/// <summary>The three tables of <see cref="RunQuery"/> as files.</summary>
public static class RunTables
{
    /// <summary>Comma-separated, with a line of headings.</summary>
    public const string Csv = "csv";

    /// <summary>Parquet, compressed.</summary>
    public const string Parquet = "parquet";

    private static readonly string[] s_tables = ["runs", "config", "metrics"];

    /// <summary>Writes <c>runs</c>, <c>config</c> and <c>metrics</c>, in place of what has these names.</summary>
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

        var options = format == Parquet ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER";
        var statements = s_tables.Select(table =>
            $"COPY {table} TO '{Path.Combine(folder, $"{table}.{format}").Replace("'", "''", StringComparison.Ordinal)}' ({options})");
        _ = RunQuery.Ask(store, string.Join("; ", statements), unreadable, isUnlocked: true, cancellation);
    }
}
