using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>Measures ranked over runs.</summary>
/// <param name="Target">What they should rank.</param>
/// <param name="Hyperparameters">The names of the hyperparameters.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Measures">How well each measure does, the best first.</param>
/// <param name="NotRanked">The measures that have fewer than two values, and why.</param>
/// <param name="LeftOut">The folders of runs that aren't among them, and why.</param>
/// <param name="Options">How they were ranked.</param>
public sealed record SweepRanking(
    RankingTarget Target,
    ImmutableArray<string> Hyperparameters,
    ImmutableArray<MeasuredRun> Runs,
    ImmutableArray<MeasureRanking> Measures,
    ImmutableArray<(string Measure, string Why)> NotRanked,
    ImmutableArray<(string Path, string Why)> LeftOut,
    RankingOptions Options)
{
    /// <summary>Whether errors are shares of examples; mean losses otherwise.</summary>
    public bool AreShares => Runs[0].Errors.AreShares;

    /// <summary>The column of a foreign table that is ranked by; null for runs of the store.</summary>
    public string? Column { get; init; }

    /// <summary>The data that the test error is on, where they aren't the runs' own test data; null where they are.</summary>
    public string? TargetData { get; init; }

    /// <summary>The target in words.</summary>
    public string TargetName => Column ?? (Target, AreShares) switch
    {
        (RankingTarget.Gap, true) when TargetData is not null => $"gap (error on {TargetData} − training error)",
        (RankingTarget.Gap, false) when TargetData is not null => $"gap (loss on {TargetData} − training loss)",
        (_, true) when TargetData is not null => $"error on {TargetData}",
        (_, false) when TargetData is not null => $"loss on {TargetData}",
        (RankingTarget.Gap, true) => "generalization gap (test error − training error)",
        (RankingTarget.Gap, false) => "generalization gap (test loss − training loss)",
        (_, true) => "test error",
        _ => "test loss",
    };

    /// <summary>Ranks.</summary>
    /// <exception cref="OccamException">Some runs have classes and others don't.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static SweepRanking Rank(
        RankingTarget target, ImmutableArray<string> hyperparameters, ImmutableArray<MeasuredRun> runs,
        ImmutableArray<(string Path, string Why)> leftOut, RankingOptions options, string? column = null)
    {
        if (runs.FirstOrDefault(run => run.Errors.AreShares != runs[0].Errors.AreShares) is { } other)
        {
            throw new OccamException($"'{runs[0].Path}' and '{other.Path}' can't be ranked together: one classifies, the other doesn't");
        }

        // Hoeffding's inequality is for shares.
        options = options with { TestExamples = runs[0].Errors.AreShares ? runs.Min(run => run.Errors.TestExamples) : null };
        var usable = runs.SelectMany(run => run.Measures)
            .Where(pair => pair.Value.Value is { } value && double.IsFinite(value))
            .CountBy(pair => pair.Key)
            .Where(pair => pair.Value >= 2)
            .Select(pair => pair.Key)
            .ToHashSet();
        var table = new RunTable(hyperparameters,
        [
            .. runs.Select(run => new RunRow(
                run.Hyperparameters,
                run.Measures
                    .Where(pair => usable.Contains(pair.Key) && pair.Value.Value is not null)
                    .ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Value!.Value),
                run.Errors.Of(target))
            {
                Seed = hyperparameters.Contains("seed") ? null : run.Seed,
            }),
        ]);
        var none = runs[0].Measures.Keys.Where(id => !usable.Contains(id)).Select(id =>
            (id, runs.Select(run => run.Measures[id]).Select(value => value.Why ?? $"its value is {value.Value}").First()));
        return new SweepRanking(target, hyperparameters, runs, MeasureRanking.All(table, options), [.. none], leftOut, options)
        {
            Column = column,
        };
    }
}
