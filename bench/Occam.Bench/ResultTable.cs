using Spectre.Console;

namespace Occam.Bench;

/// <summary>The table that the benchmarks end with.</summary>
internal static class ResultTable
{
    public static void Print(IReadOnlyCollection<RowResult> rows, MachinePeak peak)
    {
        var table = new Table().Border(TableBorder.MinimalHeavyHead);
        foreach (var heading in (string[])["row", "Occam", "best peer", "ratio (min–max)", "must", "memory", "GFLOP/s", "its trick", ""])
        {
            table.AddColumn(new TableColumn(heading).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow([
                .. new[]
                {
                    row.Id,
                    row.Occam is { } mine ? Format.Seconds(mine.Median) : "",
                    row.Peer is { } theirs ? Format.Seconds(theirs.Median) : "",
                    row.Ratio is { } ratio ? $"{ratio.Median:0.00}× ({ratio.Least:0.00}–{ratio.Largest:0.00})" : "",
                    row.Must is { } must ? $"≥ {must}×" : row.Limit ?? "",
                    row.PeerBytes > 0 ? $"{Format.Megabytes(row.OccamBytes)}, {Format.Megabytes(row.PeerBytes)}"
                        : row.OccamBytes > 0 ? Format.Megabytes(row.OccamBytes) : "",
                    row.Gflops > 0 ? $"{row.Gflops:0}" : "",
                    row.Trick,
                }.Select(Markup.Escape),
                row.Missed.IsEmpty ? "[green]✓[/]" : "[red]✗[/]",
            ]);
        }

        // A table that is cut at a terminal's width, or at the 80 columns assumed of a pipe, cannot be read.
        var ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi });
        console.Profile.Width = Math.Max(console.Profile.Width, 220);
        console.Write(table);
        console.WriteLine("Times are medians; memory is the highest resident one of each process, Occam's and the best peer's.");
        console.WriteLine(
            $"This machine's peak: products of matrices {peak.Product:0} GFLOP/s, direct convolutions {peak.Convolution:0}, in bfloat16 "
            + $"{peak.ShortConvolution:0}. GFLOP/s of a row count direct convolutions and a pass for each output or feature: an algorithm "
            + "that needs fewer can pass the peak.");
        foreach (var (row, line) in rows.SelectMany(row => row.Notes.Select(line => (row, line))))
        {
            console.WriteLine($"Note on {row.Id}: {line}");
        }

        foreach (var (row, line) in rows.SelectMany(row => row.Missed.Select(line => (row, line))))
        {
            console.WriteLine($"Missed by {row.Id}: {line}");
        }
    }
}
