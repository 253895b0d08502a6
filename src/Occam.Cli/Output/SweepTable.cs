using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The runs of a sweep, for a person at a terminal.</summary>
internal static class SweepTable
{
    private static readonly string[] s_metrics = ["train.loss", "test.loss", "test.accuracy"];

    /// <summary>Prints a row a run: its settings, how it stands, its losses.</summary>
    public static void Print(IAnsiConsole console, SweepFolder folder, IReadOnlyList<SweepRunEnd> ends)
    {
        var seeds = folder.Plan.Runs.Any(run => run.Seed is not null);
        var table = Terminal.Table(["Run", .. folder.Plan.Keys, .. seeds ? ["seed"] : Array.Empty<string>(), "State", .. s_metrics]);
        for (var column = 1; column < table.Columns.Count; column++)
        {
            table.Columns[column].NoWrap = true;
        }

        foreach (var run in folder.Plan.Runs)
        {
            var end = ends.FirstOrDefault(end => end.Run.Name == run.Name);
            var path = folder.PathOf(run);
            var metrics = MetricsOf(path);
            table.AddRow(
            [
                Terminal.Text(run.Name, Terminal.Strong),
                .. run.Settings.Select(setting => Terminal.Text(setting.Value)),
                .. seeds ? [Terminal.Text($"{run.Seed}")] : Array.Empty<Spectre.Console.Rendering.IRenderable>(),
                State(end),
                .. s_metrics.Select(
                    name => Terminal.Text(metrics?.TryGetValue(name, out var value) == true ? NumberText.Plain(value) : "")),
            ]);
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "Failed", ends
            .Where(end => end.State is RunState.Failed or RunState.Diverged)
            .Select(end => $"{end.Run.Name} ({end.Run.Description}): {end.Why}"));
    }

    // Of a damaged run none; what is wrong with it is told among the remarks.
    private static IReadOnlyDictionary<string, double>? MetricsOf(string path)
    {
        try
        {
            return RunFolder.IsRun(path) ? RunFolder.Open(path).Status.Metrics : null;
        }
        catch (OccamException)
        {
            return null;
        }
    }

    private static Text State(SweepRunEnd? end) => end is null
        ? new Text("waiting", Terminal.Dim)
        : new Text(RunListTable.State(end.State), end.State switch
        {
            RunState.Completed => Terminal.Good,
            RunState.Failed or RunState.Diverged => Terminal.Bad,
            _ => Terminal.Warning,
        });
}
