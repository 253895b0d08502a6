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
        var table = new FittedTable(
        [
            ("Run", 0, false), .. Heads(folder.Plan.Keys).Select(key => (key, 0, true)),
            .. seeds ? [("seed", 0, true)] : Array.Empty<(string, int, bool)>(), ("State", 0, false),
            .. s_metrics.Select((name, i) => (name, i == s_metrics.Length - 1 ? 1 : 2, true)),
        ]);
        foreach (var run in folder.Plan.Runs)
        {
            var end = ends.FirstOrDefault(end => end.Run.Name == run.Name);
            var metrics = MetricsOf(folder.PathOf(run));
            table.AddRow(
            [
                (run.Name, Terminal.Strong),
                .. run.Settings.Select(setting => (setting.Value, (Style?)null)),
                .. seeds ? [($"{run.Seed}", null)] : Array.Empty<(string, Style?)>(),
                State(end),
                .. s_metrics.Select(name => (
                    metrics?.TryGetValue(name, out var value) == true ? NumberText.Plain(value) : "", (Style?)null)),
            ]);
        }

        table.Print(console);
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

    // The last part of each key, where these tell them apart.
    private static IEnumerable<string> Heads(IReadOnlyCollection<string> keys)
    {
        string[] ends = [.. keys.Select(key => key[(key.LastIndexOf('.') + 1)..])];
        return ends.Distinct().Count() == ends.Length ? ends : keys;
    }

    private static (string, Style?) State(SweepRunEnd? end) => end is null
        ? ("waiting", Terminal.Dim)
        : (RunListTable.State(end.State), end.State switch
        {
            RunState.Completed => Terminal.Good,
            RunState.Failed or RunState.Diverged => Terminal.Bad,
            _ => Terminal.Warning,
        });
}
