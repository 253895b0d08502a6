using Spectre.Console;

namespace Occam.Bench;

/// <summary>The table that the benchmarks end with.</summary>
internal static class ResultTable
{
    public static void Print(IReadOnlyCollection<Row> rows)
    {
        var table = new Table().Border(TableBorder.MinimalHeavyHead);
        foreach (var heading in (string[])["case", "Occam", "against", "theirs", "ratio (min–max)", "required", "relative error", ""])
        {
            table.AddColumn(new TableColumn(heading).NoWrap());
        }

        foreach (var row in rows)
        {
            var verdict = row.Met ? row.Required.Length > 0 ? "[green]✓[/]" : "" : "[red]✗[/]";
            table.AddRow([
                .. new[] { row.Case, row.Occam, row.Against, row.Theirs, row.Ratio, row.Required, row.Error }.Select(Markup.Escape),
                verdict,
            ]);
        }

        // A table that is cut at a terminal's width, or at the 80 columns assumed of a pipe, cannot be read.
        var ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi });
        console.Profile.Width = Math.Max(console.Profile.Width, 200);
        console.Write(table);
    }
}
