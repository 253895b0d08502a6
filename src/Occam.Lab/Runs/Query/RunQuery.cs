using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Occam.Lab.Runs.Store;
using Occam.Torch;

namespace Occam.Lab.Runs.Query;

/// <summary>
/// Answers SQL over all runs of a store, by DuckDB. There are three tables: <c>runs</c> (a row a run), <c>config</c> (a
/// row a key: <c>run, key, value</c>) and <c>metrics</c> (a row a metric seen, in the order of seeing:
/// <c>run, step, epoch, name, value, standard_error, seconds, elapsed</c>).
/// </summary>
public static class RunQuery
{
    /// <summary>The tables and their columns.</summary>
    public const string Tables =
        "runs(run, state, why, step, steps, epoch, checkpoint, seconds, started, seed, threads, device, engine, occam, folder), "
            + "config(run, key, value), metrics(run, step, epoch, name, value, standard_error, seconds, elapsed)";

    private const string Schema = """
        SET autoinstall_known_extensions = false;
        SET autoload_known_extensions = false;
        CREATE TABLE runs(
            run VARCHAR, state VARCHAR, why VARCHAR, step BIGINT, steps BIGINT, epoch DOUBLE, checkpoint BIGINT, seconds DOUBLE,
            started TIMESTAMP, seed BIGINT, threads BIGINT, device VARCHAR, engine VARCHAR, occam VARCHAR, folder VARCHAR);
        CREATE TABLE config(run VARCHAR, key VARCHAR, value VARCHAR);
        CREATE TABLE metrics(
            run VARCHAR, step BIGINT, epoch DOUBLE, name VARCHAR, value DOUBLE, standard_error DOUBLE, seconds DOUBLE,
            elapsed DOUBLE);
        """;

    // In MiB: below it DuckDB itself doesn't run.
    private const long LeastMemory = 64;

    // No file is read or written from here on, no extension loaded, and nothing of this can be taken back.
    private const string Lock = """
        SET temp_directory = '';
        SET enable_external_access = false;
        SET lock_configuration = true;
        """;

    /// <summary>Answers a question.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="sql">The question.</param>
    /// <param name="unreadable">Called with the reason for each run, or part of one, that can't be read.</param>
    /// <param name="isUnlocked">
    /// Whether the question may read and write files, attach databases and load extensions, as whoever asks may. Otherwise it
    /// sees the three tables alone.
    /// </param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OccamException">The SQL is mistaken.</exception>
    public static QueryResult Ask(
        RunStore store, string sql, Action<string>? unreadable = null, bool isUnlocked = false, CancellationToken cancellation = default)
    {
        if (sql.AsSpan().Trim(" ;\t\r\n").IsEmpty)
        {
            throw new OccamException($"the SQL is empty: ask a question over the tables {Tables}");
        }

        using var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        Execute(database, $"SET memory_limit = '{Math.Max(LeastMemory, Libtorch.MemoryBudget >> 20)} MiB'");
        Fill(database, store, unreadable, cancellation);
        if (!isUnlocked)
        {
            Execute(database, Lock);
        }

        using var question = database.CreateCommand();
        question.CommandText = sql;
        using var stop = cancellation.Register(question.Cancel);
        try
        {
            using var answer = question.ExecuteReader();
            var table = QueryResult.Read(answer);
            while (answer.NextResult())
            {
                // A mistake in a further statement is told too.
            }

            return table;
        }
        catch (Exception e) when (e is DbException or OccamException or ArgumentException or InvalidOperationException)
        {
            cancellation.ThrowIfCancellationRequested();
            var isClosed = !isUnlocked && e.Message.Contains("disabled by configuration", StringComparison.Ordinal);
            throw new OccamException($"the SQL can't be answered: {FirstLines(e.Message)}; {(isClosed
                ? "questions see the tables alone, unless --unlocked lets them at files" : $"there are the tables {Tables}")}", e);
        }
    }

    private static void Fill(
        DuckDBConnection database, RunStore store, Action<string>? unreadable, CancellationToken cancellation)
    {
        Execute(database, Schema);
        var runs = store.Runs(unreadable);
        var (statuses, values) = (new List<string>(), new List<string>());
        foreach (var (name, run) in runs)
        {
            var (status, origin) = (run.Status, run.Origin);
            statuses.Add(
                $"({Text(name)}, {Text(RunState(status))}, {Text(status.Why)}, {status.Step}, {status.Steps}, {Number(status.Epoch)}, "
                    + $"{status.Checkpoint}, {Number(status.Seconds)}, TIMESTAMP "
                        + $"{Text(origin.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture))}, "
                            + $"{origin.Seed}, {origin.Threads}, {Text(origin.Device)}, {Text(status.Engine)}, "
                                + $"{Text(origin.Environment.Occam)}, {Text(run.FolderPath)})");
            values.AddRange(run.Reading.Configuration is null
                ? []
                : run.Reading.Values.Select(pair => $"({Text(name)}, {Text(pair.Key)}, {Text(pair.Value)})"));
        }

        Insert(database, "runs", statuses);
        Insert(database, "config", values);
        AppendMetrics(database, runs, unreadable, cancellation);
    }

    private static void AppendMetrics(
        DuckDBConnection database, ImmutableArray<(string Name, RunFolder Run)> runs, Action<string>? unreadable,
        CancellationToken cancellation)
    {
        using var table = database.CreateAppender("metrics");
        foreach (var (name, run) in runs)
        {
            cancellation.ThrowIfCancellationRequested();
            var isTold = false;
            void Tell(string why)
            {
                isTold = true;
                unreadable?.Invoke(why);
            }

            try
            {
                foreach (var metric in run.Metrics(why => Tell($"{why}; the row is left out")))
                {
                    table.CreateRow()
                        .AppendValue(name).AppendValue(metric.Step).AppendValue(metric.Epoch).AppendValue(metric.Name)
                        .AppendValue(metric.Value).AppendValue(metric.StandardError).AppendValue(metric.Seconds)
                        .AppendValue(metric.Elapsed)
                        .EndRow();
                }
            }
            catch (OccamException e)
            {
                Tell($"{e.Message}; the run's metrics are left out");
            }

            // Rows that are gone or there twice are whole, each by itself.
            if (!isTold && new StatusCheck(run).OfMetrics() is { } problem)
            {
                Tell($"'{run.In(RunFolder.MetricsName)}' is damaged: {problem}");
            }
        }
    }

    private static void Insert(DuckDBConnection database, string table, List<string> rows)
    {
        foreach (var some in rows.Chunk(1000))
        {
            Execute(database, $"INSERT INTO {table} VALUES {string.Join(", ", some)}");
        }
    }

    private static void Execute(DuckDBConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string RunState(RunStatus status) => KebabCase.Kebab(status.State.ToString());

    private static string Text(string text) => $"'{text.Replace("'", "''").Replace("\0", "")}'";

    private static string Number(double number) => $"'{number.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE";

    // DuckDB draws the place of a mistake below its message.
    private static string FirstLines(string message)
    {
        var text = new StringBuilder();
        foreach (var line in message.Split('\n')
            .TakeWhile(line => !line.StartsWith("LINE ", StringComparison.Ordinal))
            .Where(line => line.Trim().Length > 0))
        {
            text.Append(text.Length > 0 ? " " : "").Append(line.Trim());
        }

        return text.ToString();
    }
}
