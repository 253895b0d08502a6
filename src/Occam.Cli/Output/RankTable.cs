using Occam.Lab.Ranking;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>A ranking of measures, for a person at a terminal.</summary>
internal static class RankTable
{
    /// <summary>Prints the statistics, their parts by hyperparameter, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, SweepRanking ranking)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            ("runs", $"{ranking.Runs.Length}{(ranking.LeftOut.IsEmpty ? "" : $", and {ranking.LeftOut.Length} left out")}"),
            ("ranked", ranking.TargetName),
            ("swept", ranking.Hyperparameters.IsEmpty ? "nothing but seeds" : string.Join(", ", ranking.Hyperparameters)));
        var table = Terminal.Table("Measure", "τ", "Ψ", "K", "Sign error", "τ at its worst");
        foreach (var measure in ranking.Measures)
        {
            table.AddRow(
                Terminal.Text(measure.Measure, Terminal.Strong),
                Terminal.Text(RankingText.Of(measure.Tau)),
                Terminal.Text(RankingText.Of(measure.Granulated)),
                Terminal.Text(RankingText.Of(measure.Information)),
                Terminal.Text(measure.SignErrorMean.Value is null ? "" : string.Join("  ", new[]
                {
                    measure.SignErrorMean, measure.SignErrorPercentile90, measure.SignErrorMaximum,
                }.Select(estimate => RankingText.Two(estimate.Value!.Value)))),
                Terminal.Text(RankingText.Worst(measure.Robustness)));
        }

        console.Write(table);
        console.WriteLine();
        if (ranking.Hyperparameters.Length > 1)
        {
            Parts(console, ranking);
        }

        Terminal.Remarks(console, "Notes",
        [
            .. RankingText.TooFew(ranking) is { } few ? [few] : Array.Empty<string>(),
            ranking.Options.Resamples > 0 ? $"in brackets: {100 * ranking.Options.Confidence} % bootstrap intervals; --json and --html "
                + "have those of the sign errors too" : "no bootstrap intervals",
            $"{RankingText.EnvironmentNote(ranking)} Its mean, 90th percentile and maximum stand in the table",
            .. RankingText.RobustnessNote(ranking) is { } robustness ? [robustness] : Array.Empty<string>(),
            .. ranking.Measures.Where(measure => measure.LeftOut > 0).GroupBy(measure => measure.LeftOut, measure => measure.Measure)
                .Select(group => $"{group.Key} {(group.Key == 1 ? "run has" : "runs have")} no finite value of {string.Join(", ", group)}"),
        ]);
        Terminal.Remarks(console, "Not ranked", ranking.NotRanked.Select(pair => $"{pair.Measure}: {pair.Why}"));
        Terminal.Remarks(console, "Runs left out", ranking.LeftOut.Select(pair => $"{pair.Path}: {pair.Why}"));
    }

    private static void Parts(IAnsiConsole console, SweepRanking ranking)
    {
        var table = Terminal.Table(["Ψ by hyperparameter", .. ranking.Hyperparameters]);
        foreach (var measure in ranking.Measures)
        {
            table.AddRow(
                [Terminal.Text(measure.Measure), .. measure.GranulatedParts.Select(part => Terminal.Text(RankingText.Of(part.Value)))]);
        }

        console.Write(table);
        console.WriteLine();
    }
}
