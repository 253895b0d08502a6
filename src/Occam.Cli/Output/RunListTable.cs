using System.Globalization;
using Occam.Lab.Runs.Store;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>A run of the run store, for a person at a terminal.</summary>
internal static class RunListTable
{
    private const int MostLines = 12;

    /// <summary>Prints how it stands, and its metrics.</summary>
    public static void Print(IAnsiConsole console, RunFolder run)
    {
        var status = run.Status;
        console.WriteLine();
        Terminal.Facts(
            console,
            ("run", run.FolderPath),
            ("state", $"{State(status.State)}{(status.Why.Length > 0 ? $": {status.Why}" : "")}"),
            run.Origin.Watched is { } watched
                ? ("from", $"{watched}, the last network of step {NumberText.Count(status.Step)}")
                : ("steps",
                    $"{NumberText.Count(status.Step)} of {NumberText.Count(status.Steps)}, "
                        + $"{Epochs(status.Epoch)}, in "
                            + $"{NumberText.Plain(status.Seconds)} s on {status.Engine}"),
            ("began", $"{run.Origin.Started.ToLocalTime():yyyy-MM-dd HH:mm:ss}, seed {run.Origin.Seed}, "
                + Counted.Of(run.Origin.Threads, "thread")));
        if (status.Metrics.Count > 0)
        {
            console.Write(Metrics(status));
        }

        console.WriteLine();
        Terminal.Remarks(console, "Log", RunLog.Read(run.FolderPath, _ => { }).TakeLast(MostLines)
            .Select(line => $"{line.At.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {line.What}"));
    }

    private static Table Metrics(RunStatus status)
    {
        var table = Terminal.Table("Metric", "Last value", "Took");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        var costs = status.ProbeSeconds;
        foreach (var (name, value) in status.Metrics)
        {
            table.AddRow(
                Terminal.Text(name, Terminal.Strong),
                Terminal.Text(NumberText.Plain(value)),
                Terminal.Text(costs.TryGetValue(name, out var seconds) || (name.EndsWith(".loss", StringComparison.Ordinal)
                    && costs.TryGetValue(name[..^5], out seconds)) ? $"{NumberText.Plain(seconds)} s" : "", Terminal.Dim));
        }

        return table;
    }

    private static string Epochs(double epochs) =>
        $"{epochs.ToString("0.##", CultureInfo.InvariantCulture)} {Counted.Noun(Math.Round(epochs, 2), "epoch")}";

    /// <summary>A state as it is written.</summary>
    public static string State(RunState state) => state.ToString().ToLowerInvariant();
}
