using Occam.Lab.Ranking;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>A ranking of measures, for a person at a terminal.</summary>
internal static class RankTable
{
    // As many numbers with their intervals as stand beside a name at 80 columns.
    private const int PartsAtOnce = 3;

    /// <summary>Prints the statistics, their parts by hyperparameter, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, SweepRanking ranking)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            ("runs", $"{ranking.Runs.Length}{(ranking.LeftOut.IsEmpty ? "" : $", and {ranking.LeftOut.Length} left out")}"),
            ("ranked", ranking.TargetName),
            ("swept", ranking.Hyperparameters.IsEmpty ? "nothing but seeds" : string.Join(", ", ranking.Hyperparameters)));
        Write(console, ranking,
        [
            ("τ", measure => RankingText.Of(measure.Tau)),
            ("Ψ", measure => RankingText.Of(measure.Granulated)),
            ("K", measure => RankingText.Of(measure.Information)),
            ("Sign error", measure => measure.SignErrorMean.Value is null ? "" : string.Join("  ", new[]
            {
                measure.SignErrorMean, measure.SignErrorPercentile90, measure.SignErrorMaximum,
            }.Select(estimate => RankingText.Two(estimate.Value!.Value)))),
            ("τ at its worst", measure => RankingText.Worst(measure.Robustness)),
        ]);
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
        var parts = ranking.Hyperparameters.Index()
            .Where(name => ranking.Measures.Any(measure => measure.GranulatedParts[name.Index].Value.Value is not null)).ToArray();
        foreach (var some in parts.Chunk(PartsAtOnce))
        {
            console.WriteLine("  Ψ by hyperparameter");
            Write(console, ranking, [
                .. some.Select(part => (part.Item, (Func<MeasureRanking, string>)(measure =>
                    RankingText.Of(measure.GranulatedParts[part.Index].Value)))),
            ]);
        }
    }

    // A column that no measure has a value in is left out.
    private static void Write(IAnsiConsole console, SweepRanking ranking, (string Header, Func<MeasureRanking, string> Cell)[] columns)
    {
        var shown = columns.Where(column => ranking.Measures.Any(measure => column.Cell(measure).Length > 0)).ToArray();
        var table = Terminal.Table(["Measure", .. shown.Select(column => column.Header)]);
        foreach (var measure in ranking.Measures)
        {
            table.AddRow([
                Terminal.Text(measure.Measure, Terminal.Strong), .. shown.Select(column => Terminal.Text(column.Cell(measure))),
            ]);
        }

        console.Write(table);
        console.WriteLine();
    }
}
