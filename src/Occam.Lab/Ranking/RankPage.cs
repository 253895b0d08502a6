using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;

namespace Occam.Lab.Ranking;

/// <summary>A ranking as a page: the statistics, and the scatter of every measure against the target.</summary>
public static class RankPage
{
    private const double WideRange = 50;
    private const int Named = 3;
    private static readonly Tone[] s_tones = [Tone.Blue, Tone.Red, Tone.Green, Tone.Orange, Tone.Purple, Tone.Teal];

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
            RankingText.TooFew(ranking) is { } few ? new Note($"{few}.") : InShort(ranking),
            new Section("How well each measure orders the runs", Statistics(ranking), new Prose(
                "τ is Kendall’s rank correlation over all pairs of runs; Ψ its mean over pairs that differ in one hyperparameter alone; "
                    + "K the least, over sets of at most two hyperparameters, of the conditional mutual information of measure and "
                        + "target, normalized (Jiang et al. 2020). The sign error is the share of pairs ordered wrongly, in environments "
                            + "of two settings that differ in one hyperparameter: over environments its mean, 90th percentile and "
                                + "maximum (Dziugaite et al. 2020). In brackets: intervals."),
                new Prose(RankingText.EnvironmentNote(ranking))),
            ranking.Measures.All(measure => measure.GranulatedParts.All(part => part.Value.Value is null))
                ? null
                : new Section("Ψ by hyperparameter", Parts(ranking)),
            Robust(ranking),
            new Section($"Every measure against the {ranking.TargetName}", Scatters(ranking)),
            ranking.NotRanked.IsEmpty
                ? null
                : new Section("Not ranked", Table.Of(ranking.NotRanked, ("Measure", pair => pair.Measure), ("Why", pair => pair.Why))),
            ranking.LeftOut.IsEmpty
                ? null
                : new Section("Runs left out", Table.Of(ranking.LeftOut, ("Run", pair => pair.Path), ("Why", pair => pair.Why))),
            new Section("Runs", Runs(ranking)),
        ];
        return new Page(
            $"What orders {ranking.Runs.Length} runs by their "
                + (ranking.Column ?? (ranking.Target == RankingTarget.Gap ? "gap" : "test error")),
            $"{ranking.Measures.Length} measures against the {ranking.TargetName}", [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam rank",
        };
    }

    private static Section InShort(SweepRanking ranking)
    {
        var decided = ranking.Measures.Where(RankingText.IsDecided)
            .OrderByDescending(measure => Math.Abs(measure.Tau.Value!.Value)).ToArray();
        var upwards = decided.Where(measure => measure.Tau.Value > 0).Take(Named).ToArray();
        var downwards = decided.Where(measure => measure.Tau.Value < 0).Take(Named).ToArray();
        return new Section("In short", new Prose([
            decided.Length == 0
                ? $"Of {ranking.Measures.Length} measures none orders the runs by their {ranking.TargetName} beyond chance: every interval "
                    + "of τ holds 0."
                : $"Of {ranking.Measures.Length} measures, {decided.Length} order the runs by their {ranking.TargetName} beyond chance, "
                    + "each taken by itself: their intervals of τ leave out 0. Of so many, some do by chance.",
            .. upwards.Length == 0 ? Array.Empty<RichText>() : [Sentence("It is larger where these are larger", upwards)],
            .. downwards.Length == 0 ? Array.Empty<RichText>() : [Sentence("It is smaller where these are larger", downwards)]]));

        static RichText Sentence(string beginning, MeasureRanking[] measures) => measures.Aggregate(
            RichText.Html($"{beginning}: "),
            (text, measure) => text + RichText.Html(
                $"{(measure == measures[0] ? "" : ", ")}<code>{measure.Measure}</code> (τ {RankingText.Two(measure.Tau.Value!.Value)})"))
            + (RichText)".";
    }

    private static Section? Robust(SweepRanking ranking) => RankingText.RobustnessNote(ranking) is not { } note ? null : new Section(
        "Does the order survive?",
        new Prose(note, "τ among the runs of one value of one hyperparameter, or of one seed, where at least five have it: an order that "
            + "comes from what was swept, or from chance, turns round when it is held."),
        Table.Of(
            ranking.Measures.Where(measure => !measure.Robustness.Parts.IsEmpty),
            ("Measure", measure => RichText.Html($"<code>{measure.Measure}</code>")),
            ("τ", measure => Cell(measure.Tau)),
            ("Least agreement", measure => ((RichText)RankingText.Two(measure.Robustness.Worst!.Tau)).AsNumber(
                measure.Robustness.Worst!.Tau)),
            ("At", measure => $"{measure.Robustness.Worst!.Hyperparameter} {measure.Robustness.Worst!.Setting}"),
            ("Keep the sign", measure => ((RichText)$"{measure.Robustness.Kept} of {measure.Robustness.Parts.Length}").AsNumber(
                (double)measure.Robustness.Kept / measure.Robustness.Parts.Length))) with
        { IsSortable = true });

    // A column that no measure has a value in is left out.
    private static Table Statistics(SweepRanking ranking)
    {
        (RichText Header, Func<MeasureRanking, RichText> Cell)[] columns =
        [
            ("Measure", measure => RichText.Html($"<code>{measure.Measure}</code>")),
            ("Runs", measure => (long)measure.Runs),
            ("τ", measure => Cell(measure.Tau)),
            ("Ψ", measure => Cell(measure.Granulated)),
            ("K", measure => Cell(measure.Information)),
            ("K given", measure => measure.InformationConditions.IsEmpty ? "" : string.Join(", ", measure.InformationConditions)),
            ("Sign error, mean", measure => Cell(measure.SignErrorMean)),
            ("Sign error, 90th percentile", measure => Cell(measure.SignErrorPercentile90)),
            ("Sign error, maximum", measure => Cell(measure.SignErrorMaximum)),
        ];
        var isSame = ranking.Measures.All(measure => measure.Runs == ranking.Runs.Length);
        return Table.Of(
            ranking.Measures,
            [
                .. columns.Where((column, i) => i != 1 || !isSame)
                    .Where(column => ranking.Measures.Any(measure => column.Cell(measure).ToString().Length > 0)),
            ]) with
        { IsSortable = true };

        RichText Cell(Estimate estimate) => estimate.Value is not { } value ? ""
            : estimate.Interval is { } interval && RankingText.TooFew(ranking) is null
                ? RichText.Html($"{RankingText.Two(value)} <small>{RankingText.Of(interval)}</small>").AsNumber(value)
                : ((RichText)RankingText.Two(value)).AsNumber(value);
    }

    private static Table Parts(SweepRanking ranking) => Table.Of(
        ranking.Measures,
        [
            ("Measure", measure => measure.Measure),
            .. ranking.Hyperparameters.Index()
                .Where(name => ranking.Measures.Any(measure => measure.GranulatedParts[name.Index].Value.Value is not null))
                .Select(name => ((RichText, Func<MeasureRanking, RichText>))(
                    name.Item, measure => Cell(measure.GranulatedParts[name.Index].Value))),
        ]) with
    { IsSortable = true };

    private static Table Runs(SweepRanking ranking) => Table.Of(
        ranking.Runs,
        [
            ("Run", run => run.Path),
            .. ranking.Hyperparameters.Select((name, i) => ((RichText, Func<MeasuredRun, RichText>))(name, run => run.Hyperparameters[i])),
            .. ranking.Column is { } column ? [(column, run => run.Errors.Test)]
                : (IEnumerable<(RichText, Func<MeasuredRun, RichText>)>)[
                    (ranking.AreShares ? "Training error" : "Training loss", run => run.Errors.Train),
                    (ranking.AreShares ? "Test error" : "Test loss", run => run.Errors.Test)],
        ]) with
    { IsSortable = true };

    private static RichText Cell(Estimate estimate) =>
        estimate.Value is { } value ? ((RichText)RankingText.Two(value)).AsNumber(value) : "";

    private static Block[] Scatters(SweepRanking ranking)
    {
        var axis = ColouredBy(ranking);
        string[] values = axis < 0 ? [] : [.. ranking.Runs.Select(run => run.Hyperparameters[axis]).Distinct()];
        Block[] charts =
        [
            .. ranking.Measures.Select(measure => Scatter(ranking, measure, axis, values)).Chunk(3)
                .Select(row => row.Length == 1 ? row[0] : (Block)new SideBySide(row)),
        ];
        return axis < 0 ? charts : [
            new Legend(ranking.Hyperparameters[axis], [.. values.Select((value, i) => ((RichText)value, s_tones[i]))]), .. charts];
    }

    private static Chart Scatter(SweepRanking ranking, MeasureRanking measure, int axis, string[] values)
    {
        var points = ranking.Runs.Where(run => run.Measures[measure.Measure].Value is { } value && double.IsFinite(value))
            .Select(run => (X: run.Measures[measure.Measure].Value!.Value, Y: run.Errors.Of(ranking.Target), run.Hyperparameters))
            .ToArray();
        var isWide = points.All(point => point.X > 0) && points.Max(point => point.X) > WideRange * points.Min(point => point.X);
        var title = MeasureCatalogue.All.TryGetValue(measure.Measure.Split('(')[0], out var known) ? known.Title : measure.Measure;
        Mark[] marks = axis < 0
            ? [new Dots([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]) { Tone = Tone.Blue }]
            : [
                .. values
                    .Select((value, i) => (Own: points.Where(point => point.Hyperparameters[axis] == value).ToArray(), Value: value, i))
                    .Where(group => group.Own.Length > 0)
                    .Select(group => new Dots([.. group.Own.Select(point => point.X)], [.. group.Own.Select(point => point.Y)])
                    {
                        Name = $"{ranking.Hyperparameters[axis]} {group.Value}",
                        Tone = s_tones[group.i],
                    }),
            ];
        return new Chart(
            RichText.WithScripts(title), new Axis(measure.Measure, isWide ? Scale.Log : Scale.Linear), new Axis(ShortName(ranking)), marks)
        {
            Caption = $"τ {RankingText.Of(measure.Tau)}"
                + (measure.Granulated.Value is null ? "" : $", Ψ {RankingText.Of(measure.Granulated)}"),
            ShowsLegend = false,
        };
    }

    private static string ShortName(SweepRanking ranking) => ranking.Column ?? (ranking.Target, ranking.AreShares) switch
    {
        (RankingTarget.Gap, _) => "gap",
        (_, true) => "test error",
        _ => "test loss",
    };

    // A colour for each value of the first hyperparameter that has few; −1 for none.
    private static int ColouredBy(SweepRanking ranking) => Enumerable
        .Range(0, ranking.Hyperparameters.Length)
        .FirstOrDefault(i => ranking.Runs.Select(run => run.Hyperparameters[i]).Distinct().Count() > 1
            && ranking.Runs.Select(run => run.Hyperparameters[i]).Distinct().Count() <= s_tones.Length, -1);
}
