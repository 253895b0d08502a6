using Occam.Lab.Experiments.Contract;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The experiments that there are, for a person at a terminal.</summary>
internal static class ExperimentCatalogueTable
{
    /// <summary>Prints all of them, with about how long each takes on two cores.</summary>
    public static void Print(IAnsiConsole console)
    {
        string[] scales = [.. Enum.GetNames<ExperimentScale>().Select(scale => scale.ToLowerInvariant())];
        var table = Terminal.Table(["Experiment", "Figure", "Claims", "Data", .. scales]);
        foreach (var experiment in ExperimentCatalogue.All.Values)
        {
            table.AddRow(
            [
                Terminal.Text(experiment.Id, Terminal.Strong),
                Terminal.Text($"{experiment.Paper}, {experiment.Figure}", Terminal.Dim),
                Terminal.Text(string.Join("\n", experiment.Claims.Select(claim => $"· {claim.Text}"))),
                Terminal.Text(experiment.DataSets is [] ? "its own" : string.Join(", ", experiment.DataSets), Terminal.Dim),
                .. Enum.GetValues<ExperimentScale>().Select(scale => Terminal.Text(About(experiment.Size(scale).Estimate), Terminal.Dim)),
            ]);
        }

        console.Write(table);
        foreach (var users in ExperimentCatalogue.All.Values
            .SelectMany(experiment => experiment.Options.Select(option => (option, experiment.Id)))
            .GroupBy(pair => pair.option, pair => pair.Id))
        {
            console.Write(Terminal.Text(
                $"--set {users.Key.Name}={users.Key.Default}: {users.Key.Description} ({string.Join(", ", users)})\n", Terminal.Dim));
        }

        console.WriteLine();
    }

    private static string About(TimeSpan time) => time switch
    {
        { TotalHours: >= 1.5 } => $"{time.TotalHours:0} h",
        { TotalMinutes: >= 1.5 } => $"{time.TotalMinutes:0} min",
        _ => $"{time.TotalSeconds:0} s",
    };
}
