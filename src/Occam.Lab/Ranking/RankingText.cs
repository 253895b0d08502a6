
namespace Occam.Lab.Ranking;

/// <summary>Rankings in words and digits.</summary>
internal static class RankingText
{
    // Of 4 runs, 2 of the 24 orders are perfect ones: 8 %.
    private const int FewestRuns = 5;

    /// <summary>A statistic with its interval, to two decimals; empty where it isn't defined.</summary>
    public static string Of(Estimate estimate) => estimate switch
    {
        { Value: null } => "",
        { Value: { } value, Interval: { } interval } => $"{Two(value)} {Of(interval)}",
        { Value: { } value } => Two(value),
    };

    /// <summary>An interval, to two decimals.</summary>
    public static string Of(Interval interval) => $"[{Two(interval.Low)}, {Two(interval.High)}]";

    /// <summary>A number to two decimals, with a true minus.</summary>
    public static string Two(double value) =>
        FormattableString.Invariant($"{value:0.00}").Replace("-0.00", "0.00").Replace('-', Numbers.Minus);

    /// <summary>That the runs are too few to tell anything; null where they aren't.</summary>
    public static string? TooFew(SweepRanking ranking) => ranking.Runs.Length >= FewestRuns ? null
        : $"{ranking.Runs.Length} runs are too few: even a measure that puts all of them in the right order does so by chance in "
            + $"{100 * 2 / Factorial(ranking.Runs.Length):0} % of cases. Give at least {FewestRuns}, and to tell measures apart, dozens";

    /// <summary>What became of the sign error's environments, in a sentence.</summary>
    public static string EnvironmentNote(SweepRanking ranking)
    {
        var most = ranking.Measures.Select(measure => measure.Environments.Environments).DefaultIfEmpty().Max();
        var left = ranking.Measures.Select(measure => measure.Environments.LeftOut).DefaultIfEmpty().Max();
        return $"The sign error is over {most} environments; {left} have an effective size below {ranking.Options.LeastEffectiveSize} "
            + $"and are left out{(left > 0 ? ": more seeds, more test examples or a smaller --effective-size would keep them" : "")}.";
    }

    /// <summary>
    /// How many of the measures that order the runs beyond chance do so whatever one hyperparameter is held at; null where no
    /// hyperparameter has two values with enough runs.
    /// </summary>
    public static string? RobustnessNote(SweepRanking ranking)
    {
        MeasureRanking[] decided = [.. ranking.Measures.Where(IsDecided)];
        MeasureRanking[] told = [.. decided.Where(measure => measure.Robustness.IsKept is not null)];
        if (ranking.Measures.All(measure => measure.Robustness.Parts.IsEmpty))
        {
            return null;
        }

        if (told.Length == 0)
        {
            return "No measure orders the runs beyond chance, and so there is no order of which to ask whether it is robust.";
        }

        var kept = told.Count(measure => measure.Robustness.IsKept == true);
        return $"Of {told.Length} {(told.Length == 1 ? "measure" : "measures")} whose interval of τ leaves out 0, {kept} "
            + $"{(kept == 1 ? "keeps" : "keep")} the sign of τ whatever one hyperparameter, or the seed, is held at"
            + (kept == told.Length ? "." : "; of the others it turns at some value, for which their order comes from what was swept.");
    }

    /// <summary>Whether the interval of τ leaves out 0.</summary>
    public static bool IsDecided(MeasureRanking measure) => measure.Tau.Interval is { } interval && (interval.Low > 0 || interval.High < 0);

    /// <summary>Where a measure's order is worst: <c>−0.20 at batch 32 (3 of 5 kept)</c>; empty where nothing is known.</summary>
    public static string Worst(Robustness robustness) => robustness.Worst is not { } worst ? ""
        : $"{Two(worst.Tau)} at {worst.Hyperparameter} {worst.Setting}"
            + (robustness.Whole == 0 ? "" : $" ({robustness.Kept} of {robustness.Parts.Length} kept)");

    private static double Factorial(int number) => Enumerable.Range(1, number).Aggregate(1.0, (product, factor) => product * factor);
}
