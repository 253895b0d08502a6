using Occam.Lab.Experiments.Contract;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The experiments that there are, for a person at a terminal.</summary>
internal static class ExperimentCatalogueTable
{
    /// <summary>Prints all of them, a line each, with about how long each takes on two cores.</summary>
    public static void Print(IAnsiConsole console)
    {
        string[] scales = [.. Enum.GetValues<ExperimentScale>().Select(scale => scale.Name())];
        var table = Terminal.Table(["Experiment", "Figure", "Claims", "Data", .. scales]);
        foreach (var experiment in ExperimentCatalogue.All.Values)
        {
            table.AddRow(
            [
                Terminal.Text(experiment.Id, Terminal.Strong),
                Terminal.Text(ShortFigure(experiment), Terminal.Dim),
                Terminal.Text($"{experiment.Claims.Length}"),
                Terminal.Text(experiment.DataSets is [] ? "its own" : string.Join(", ", experiment.DataSets), Terminal.Dim),
                .. Enum.GetValues<ExperimentScale>().Select(scale => Terminal.Text(About(experiment.Size(scale).Estimate), Terminal.Dim)),
            ]);
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "Claims", ["'occam reproduce --list ID' has those of an experiment, 'occam papers' those of all papers"]);
        PrintOptions(console);
        console.WriteLine();
    }

    /// <summary>Prints one, with what it claims.</summary>
    public static void Print(IAnsiConsole console, Experiment experiment)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            [
                ("experiment", experiment.Id),
                ("title", experiment.Title),
                ("figure", $"{experiment.Paper}, {experiment.Figure}"),
                ("data", experiment.DataSets is [] ? "its own" : string.Join(", ", experiment.DataSets)),
                .. Enum.GetValues<ExperimentScale>().Select(
                    scale => (scale.Name(), About(experiment.Size(scale).Estimate))),
            ]);
        console.WriteLine();
        Terminal.Remarks(console, "Claims", experiment.Claims.Select(claim => $"{claim.Id}: {claim.Text} ({claim.Source})"));
    }

    // "Dherin et al. 2021, Figure 1": what a line has room for.
    private static string ShortFigure(Experiment experiment)
    {
        var year = experiment.Paper[(experiment.Paper.LastIndexOf(' ') + 1)..];
        return $"{experiment.Paper.Split(',')[0]} et al. {year}, {experiment.Figure}";
    }

    private static void PrintOptions(IAnsiConsole console)
    {
        foreach (var users in ExperimentCatalogue.All.Values
            .SelectMany(experiment => experiment.Options.Select(option => (option, experiment.Id)))
            .GroupBy(pair => pair.option, pair => pair.Id))
        {
            console.Write(Terminal.Text(
                $"--set {users.Key.Name}={users.Key.Default}: {users.Key.Description} ({string.Join(", ", users)})\n", Terminal.Dim));
        }
    }

    private static string About(TimeSpan time) => time switch
    {
        { TotalHours: >= 1.5 } => $"{time.TotalHours:0} h",
        { TotalMinutes: >= 1.5 } => $"{time.TotalMinutes:0} min",
        _ => $"{time.TotalSeconds:0} s",
    };
}
