using System.Collections.Immutable;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;
using Occam.Measures;

namespace Occam.Lab.Ranking;

/// <summary>A ranking as a page: the statistics, and the scatter of every measure against the target.</summary>
public static class RankPage
{
    private const int MostSeries = 6;
    private const double WideRange = 50;

    /// <summary>Makes the page.</summary>
    /// <param name="ranking">The ranking.</param>
    /// <param name="command">The command line that made it.</param>
    public static Page Of(SweepRanking ranking, string command)
    {
        Block?[] blocks =
        [
            new FactList(
                new Fact("runs", (long)ranking.Runs.Length),
                new Fact("hyperparameters", ranking.Hyperparameters.IsEmpty ? "none" : string.Join(", ", ranking.Hyperparameters)),
                new Fact("ranked", ranking.TargetName),
                new Fact("intervals", ranking.Options.Resamples == 0
                    ? "none"
                    : $"{100 * ranking.Options.Confidence} % of {ranking.Options.Resamples} bootstrap resamples of the runs")),
            new Section("How well each measure orders the runs", Statistics(ranking), new Prose(
                "τ is Kendall’s rank correlation over all pairs of runs; Ψ its mean over pairs that differ in one hyperparameter alone; "
                    + "K the least, over sets of at most two hyperparameters, of the conditional mutual information of measure and "
                        + "target, normalized (Jiang et al. 2020). The sign error is the share of pairs ordered wrongly, in environments "
                            + "of two settings that differ in one hyperparameter: over environments its mean, 90th percentile and "
                                + "maximum (Dziugaite et al. 2020)."),
                new Prose(EnvironmentNote(ranking))),
            ranking.Hyperparameters.Length == 0 ? null : new Section("Ψ by hyperparameter", Parts(ranking)),
            new Section($"Every measure against the {ranking.TargetName}", [.. ranking.Measures.Select(measure => Scatter(ranking, measure))
                .Chunk(3)
                .Select(charts => charts.Length == 1 ? charts[0] : (Block)new SideBySide(charts))]),
            ranking.NotRanked.IsEmpty
                ? null
                : new Section("Not ranked", Table.Of(ranking.NotRanked, ("Measure", pair => pair.Measure), ("Why", pair => pair.Why))),
            ranking.LeftOut.IsEmpty
                ? null
                : new Section("Runs left out", Table.Of(ranking.LeftOut, ("Run", pair => pair.Path), ("Why", pair => pair.Why))),
            new Section("Runs", Runs(ranking)),
        ];
        return new Page(
            $"What orders {ranking.Runs.Length} runs by their {(ranking.Target == RankingTarget.Gap ? "gap" : "test error")}",
            $"{ranking.Measures.Length} measures against the {ranking.TargetName}", [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam rank",
        };
    }

    /// <summary>What became of the sign error's environments, in a sentence.</summary>
    public static string EnvironmentNote(SweepRanking ranking)
    {
        var most = ranking.Measures.Select(measure => measure.Environments.Environments).DefaultIfEmpty().Max();
        var left = ranking.Measures.Select(measure => measure.Environments.LeftOut).DefaultIfEmpty().Max();
        return $"The sign error is over {most} environments; {left} have an effective size below {ranking.Options.LeastEffectiveSize} "
            + $"and are left out{(left > 0 ? ": more seeds, more test examples or a smaller --effective-size would keep them" : "")}.";
    }

    private static Table Statistics(SweepRanking ranking) => Table.Of(
        ranking.Measures,
        ("Measure", measure => measure.Measure),
        ("Runs", measure => (long)measure.Runs),
        ("τ", measure => Cell(measure.Tau)),
        ("Ψ", measure => Cell(measure.Granulated)),
        ("K", measure => Cell(measure.Information)),
        ("given", measure => measure.InformationConditions.IsEmpty ? "" : string.Join(", ", measure.InformationConditions)),
        ("Sign error, mean", measure => Cell(measure.SignErrorMean)),
        ("90th percentile", measure => Cell(measure.SignErrorPercentile90)),
        ("maximum", measure => Cell(measure.SignErrorMaximum)));

    private static Table Parts(SweepRanking ranking) => Table.Of(
        ranking.Measures,
        [
            ("Measure", measure => measure.Measure),
            .. ranking.Hyperparameters.Select(
                (name, i) => ((RichText, Func<MeasureRanking, RichText>))(name, measure => Cell(measure.GranulatedParts[i].Value))),
        ]);

    private static Table Runs(SweepRanking ranking) => Table.Of(
        ranking.Runs,
        [
            ("Run", run => run.Path),
            .. ranking.Hyperparameters.Select((name, i) => ((RichText, Func<MeasuredRun, RichText>))(name, run => run.Hyperparameters[i])),
            (ranking.AreShares ? "Training error" : "Training loss", run => run.Errors.Train),
            (ranking.AreShares ? "Test error" : "Test loss", run => run.Errors.Test),
        ]);

    private static RichText Cell(Estimate estimate) => Text(estimate) is { Length: > 0 } text ? ((RichText)text).AsNumber() : "";

    /// <summary>A statistic with its interval, to two decimals; empty where it isn't defined.</summary>
    public static string Text(Estimate estimate) => estimate switch
    {
        { Value: null } => "",
        { Value: { } value, Interval: { } interval } => $"{Two(value)} [{Two(interval.Low)}, {Two(interval.High)}]",
        { Value: { } value } => Two(value),
    };

    /// <summary>A number to two decimals, with a true minus.</summary>
    public static string Two(double value) =>
        FormattableString.Invariant($"{value:0.00}").Replace("-0.00", "0.00").Replace('-', Numbers.Minus);

    private static Chart Scatter(SweepRanking ranking, MeasureRanking measure)
    {
        var points = ranking.Runs.Where(run => run.Measures[measure.Measure].Value is { } value && double.IsFinite(value))
            .Select(run => (X: run.Measures[measure.Measure].Value!.Value, Y: run.Errors.Of(ranking.Target), run.Hyperparameters))
                .ToArray();
        var isWide = points.All(point => point.X > 0) && points.Max(point => point.X) > WideRange * points.Min(point => point.X);
        var title = MeasureCatalogue.All.TryGetValue(measure.Measure.Split('(')[0], out var known) ? known.Title : measure.Measure;
        return new Chart(
            title, new Axis(measure.Measure, isWide ? Scale.Log : Scale.Linear),
            new Axis(ranking.Target == RankingTarget.Gap ? "gap" : ranking.AreShares ? "test error" : "test loss"), Series(ranking, points))
        {
            Caption = $"τ {Text(measure.Tau)}{(measure.Granulated.Value is null ? "" : $", Ψ {Text(measure.Granulated)}")}",
        };
    }

    // A colour for each value of the first hyperparameter that has few.
    private static Mark[] Series(SweepRanking ranking, (double X, double Y, ImmutableArray<string> Values)[] points)
    {
        var axis = Enumerable
            .Range(0, ranking.Hyperparameters.Length)
            .FirstOrDefault(i => ranking.Runs.Select(run => run.Hyperparameters[i]).Distinct().Count() is > 1 and <= MostSeries, -1);
        return axis < 0
            ? [new Dots([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]) { Tone = Tone.Blue }]
            : [.. points.GroupBy(point => point.Values[axis]).Select(group => new Dots([
                .. group.Select(point => point.X),
            ], [.. group.Select(point => point.Y)]) { Name = $"{ranking.Hyperparameters[axis]} {group.Key}" })];
    }
}
