using Occam.Lab.Experiments.Contract;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The experiments that there are, for a person at a terminal.</summary>
internal static class ExperimentCatalogueTable
{
    private const int LongestPlace = 40;

    /// <summary>Prints all of them, a line each, with about how long each takes on two cores.</summary>
    public static void Print(IAnsiConsole console)
    {
        var table = new FittedTable(
        [
            ("Experiment", 0, false), ("Figure", 0, false), ("Claims", 1, true), ("Data", 3, false),
            .. Enum.GetValues<ExperimentScale>().Select(scale => (scale.Name(), scale == ExperimentScale.Paper ? 2 : 0, true)),
        ]);
        foreach (var experiment in ExperimentCatalogue.All.Values)
        {
            table.AddRow(
            [
                (experiment.Id, Terminal.Strong),
                (ShortFigure(experiment), Terminal.Dim),
                ($"{experiment.Claims.Length}", null),
                (experiment.DataSets is [] ? "its own" : string.Join(", ", experiment.DataSets), Terminal.Dim),
                .. Enum.GetValues<ExperimentScale>()
                    .Select(scale => (About(experiment.Size(scale).Estimate), (Style?)Terminal.Dim)),
            ]);
        }

        table.Print(console);
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
                ("title", experiment.AskedTitle),
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
        var place = experiment.Figure.Split([',', ';', ':'])[0];
        place = place.Length <= LongestPlace ? place : $"{place[..(LongestPlace - 1)]}…";
        return $"{experiment.Paper.Split(',')[0]} et al. {year}, {place.Replace("Figure ", "Figure\u00A0", StringComparison.Ordinal)}";
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
