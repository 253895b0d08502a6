using System.Data.Common;
using System.Text;
using DuckDB.NET.Data;

namespace Occam.Data;

/// <summary>
/// The rows of a CSV or Parquet file, by DuckDB, one after the other: the file isn't taken into memory. DuckDB may read this one file
/// and nothing else, and loads no extensions.
/// </summary>
internal sealed class TableReader : IDisposable
{
    private readonly DuckDBConnection _database = new("DataSource=:memory:");
    private readonly string _title;
    private readonly string _source;

    // DuckDB reads a line of names as a row: told to pass it over, it may pass over the next row, too (one with a byte order mark and
    // doubled quotes).
    private readonly bool _namesFirst;

    /// <summary>Opens a file.</summary>
    /// <exception cref="OccamException">It can't be read, or DuckDB would take its name for a pattern of names.</exception>
    public TableReader(string path)
    {
        _title = Message.Clean(path);
        var whole = Path.GetFullPath(path);
        if (whole.AsSpan().ContainsAny("*?[]{}"))
        {
            throw new OccamException($"{_title} has one of the characters * ? [ ] {{ }} in its name or folders, which stand for patterns: "
                + "rename it");
        }

        // Damaged or hostile beyond what DuckDB tells, it is told before: a pointer, an empty file.
        CheckReadable(path);
        try
        {
            _database.Open();
            foreach (var setting in (string[])[
                $"memory_limit = '{Math.Max(1, FileAllowance.Of(new FileInfo(path).Length) >> 20)} MiB'",
                "autoinstall_known_extensions = false", "autoload_known_extensions = false", $"allowed_paths = [{Text(whole)}]",
                "enable_external_access = false", "lock_configuration = true"])
            {
                using var command = _database.CreateCommand();
                command.CommandText = $"SET {setting}";
                command.ExecuteNonQuery();
            }

            if (IsParquet(path))
            {
                _source = $"read_parquet({Text(whole)}, hive_partitioning = false)";
                Columns = Told(Describe).ToArray();
                return;
            }

            var head = CsvHead.Read(path);
            Columns = [.. head.Names.Select((name, i) => new TableColumn(name, $"c{i}", "VARCHAR"))];
            _source = $"read_csv({Text(whole)}, auto_detect = false, delim = {Text(head.Delimiter.ToString())}, quote = '\"', "
                + $"escape = '\"', header = false, null_padding = false, ignore_errors = false, parallel = false, "
                + $"hive_partitioning = false, columns = {{{string.Join(", ", Columns.Select(column => $"'{column.Key}': 'VARCHAR'"))}}})";
            _namesFirst = head.HasNames;
            CheckNames();
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>The columns in the file's order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Whether a file is a table by its name.</summary>
    public static bool IsTable(string path) => IsParquet(path) || IsCsv(path);

    /// <summary>Whether the numbers are text, whose form no column promises.</summary>
    public static bool IsCsv(string path) => Ending(path) is ".csv" or ".tsv";

    /// <summary>Goes through the rows.</summary>
    /// <param name="expressions">What is taken of each, in SQL.</param>
    /// <param name="row">Called with each row, and its number from 1.</param>
    /// <exception cref="OccamException">A row can't be read.</exception>
    public void Read(IEnumerable<string> expressions, Action<DbDataReader, long> row) => Told(() =>
    {
        using var question = _database.CreateCommand();
        question.UseStreamingMode = true;
        question.CommandText = $"SELECT {string.Join(", ", expressions)} FROM {_source}";
        using var rows = question.ExecuteReader();
        for (var number = _namesFirst ? 0L : 1L; rows.Read(); number++)
        {
            if (number > 0)
            {
                row(rows, number);
            }
        }

        return 0;
    });

    /// <summary>The number of rows, of a Parquet file from its description.</summary>
    /// <exception cref="OccamException">It can't be read.</exception>
    public long CountRows() => Told(() =>
    {
        using var question = _database.CreateCommand();
        question.CommandText = $"SELECT count(*) FROM {_source}";
        return Convert.ToInt64(question.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    });

    /// <summary>The rows of a Parquet file from a number on, in order, to be read as they are asked for.</summary>
    /// <param name="expressions">What is taken of each, in SQL.</param>
    /// <param name="first">The number of the first, from 0.</param>
    public (DbCommand Question, DbDataReader Rows) From(IEnumerable<string> expressions, long first) => Told(() =>
    {
        var question = _database.CreateCommand();
        question.UseStreamingMode = true;
        var numbered = _source.Replace("hive_partitioning", "file_row_number = true, hive_partitioning", StringComparison.Ordinal);
        question.CommandText = $"SELECT {string.Join(", ", expressions)} FROM "
            + (first == 0 ? _source : $"{numbered} WHERE file_row_number >= {first}");
        return ((DbCommand)question, (DbDataReader)question.ExecuteReader());
    });

    /// <summary>A name as SQL writes it.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static bool IsParquet(string path) => Ending(path) is ".parquet";

    private static string Ending(string path)
    {
        var name = path.ToLowerInvariant();
        return Path.GetExtension(name.EndsWith(".csv.gz", StringComparison.Ordinal) || name.EndsWith(".tsv.gz", StringComparison.Ordinal)
            ? name[..^3]
            : name);
    }

    private static string Text(string text) => $"'{text.Replace("'", "''")}'";

    private void CheckReadable(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            if (file.Length == 0 || LfsPointer.Told(file) is not null)
            {
                throw new OccamException($"{_title} {LfsPointer.Told(file) ?? "is empty, 0 bytes: it holds no examples"}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"{_title} can't be read: {Message.Clean(e.Message)}", e);
        }
    }

    private void CheckNames() => Told(() =>
    {
        using var question = _database.CreateCommand();
        question.CommandText = $"SELECT * FROM {_source} LIMIT 1";
        using var rows = question.ExecuteReader();
        return !_namesFirst || (rows.Read() && Columns.Select((column, i) => !rows.IsDBNull(i) && rows.GetString(i).Trim() == column.Name)
            .All(same => same)) ? 0
            : throw new OccamException($"the first line of {_title} isn't names of columns that can be read: expected names "
                + "without line breaks");
    });

    private List<TableColumn> Describe()
    {
        using var question = _database.CreateCommand();
        question.CommandText = $"DESCRIBE SELECT * FROM {_source}";
        using var rows = question.ExecuteReader();
        var columns = new List<TableColumn>();
        while (rows.Read())
        {
            var name = rows.GetString(0);
            columns.Add(new TableColumn(name, Quoted(name), rows.GetString(1)));
        }

        return columns;
    }

    /// <summary>What comes of work with the table, its failures told in a line.</summary>
    public T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DbException or InvalidCastException or InvalidOperationException or FormatException)
        {
            throw new OccamException($"{_title} can't be read as a table: {FirstLines(e.Message)}", e);
        }
    }

    // DuckDB says what it expected, and then at length what one might set.
    private static string FirstLines(string message)
    {
        var text = new StringBuilder();
        foreach (var line in message.Split('\n').TakeWhile(line => !string.IsNullOrWhiteSpace(line)).Take(3))
        {
            text.Append(text.Length > 0 ? "; " : "").Append(line.Trim());
        }

        return Message.Clean(text.ToString());
    }
}
