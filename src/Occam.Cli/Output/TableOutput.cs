using System.CommandLine;
using System.Globalization;
using System.Text;
using Occam.Cli.Running;
using Occam.Lab.Runs.Query;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>Tables of values: for a person, as JSON, or as CSV.</summary>
internal sealed class TableOutput
{
    private const int MostRows = 1000;

    private readonly Option<string> _json = Where("--json", "JSON, an array of objects,");
    private readonly Option<string> _csv = Where("--csv", "CSV");

    /// <summary>Adds the options to a command.</summary>
    public TableOutput(Command command)
    {
        command.Add(_json);
        command.Add(_csv);
    }

    /// <summary>Writes a table where the options say.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="session">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="ranks">
    /// In which order a narrow terminal leaves out columns: never where it is 0 or not given, the largest first.
    /// </param>
    /// <exception cref="OccamException">It can't be written there.</exception>
    public void Write(ParseResult arguments, Session session, QueryResult table, params ReadOnlySpan<int> ranks)
    {
        if (arguments.GetResult(_json) is not null)
        {
            JsonOutput.Write(arguments.GetValue(_json) ?? JsonOutput.StandardOutput, session, table);
        }

        if (arguments.GetResult(_csv) is not null)
        {
            WriteCsv(arguments.GetValue(_csv), session, table);
        }

        if (arguments.GetResult(_json) is null && arguments.GetResult(_csv) is null)
        {
            Print(session, table, [.. ranks]);
        }
    }

    private static Option<string> Where(string name, string what) => new(name)
    {
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"Write {what} to FILE; without FILE to standard output, and nothing else there",
    };

    private static void WriteCsv(string? file, Session session, QueryResult table)
    {
        var text = new StringBuilder();
        foreach (var row in table.Rows.Select(row => row.Select(Exact)).Prepend(table.Columns))
        {
            text.Append(Csv.Row(row)).Append('\n');
        }

        if (file is null)
        {
            session.Output.Write(session.OutputIsTerminal ? Terminal.Shown(text.ToString()) : text.ToString());
            return;
        }

        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
        session.Note($"wrote {file}");
    }

    private static void Print(Session session, QueryResult table, int[] ranks) => Terminal.Print(session, console =>
    {
        var shown = new FittedTable([.. table.Columns.Select((head, j) => (head, ranks.ElementAtOrDefault(j), IsNumbers(table, j)))]);
        foreach (var row in table.Rows.Take(MostRows))
        {
            shown.AddRow([.. row.Select((value, j) => (Short(value), j == 0 ? (Style?)Terminal.Strong : null))]);
        }

        shown.Print(console);
        if (table.Rows.Length > MostRows)
        {
            Terminal.Remarks(console, "Not shown", [$"{table.Rows.Length - MostRows} more rows; --csv and --json have them all"]);
        }
    });

    private static bool IsNumbers(QueryResult table, int column) => table.Rows.Any(row => row[column] is double or long)
        && table.Rows.All(row => row[column] is null or double or long);

    private static string Short(object? value) => value switch
    {
        double number => NumberText.Plain(number),
        _ => Exact(value),
    };

    private static string Exact(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
