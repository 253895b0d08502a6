using Occam.Lab.Ranking;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam rank --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="By">What the measures should rank.</param>
/// <param name="Target">The same in words.</param>
/// <param name="Hyperparameters">The names of the hyperparameters.</param>
/// <param name="Resamples">Bootstrap resamples for the intervals.</param>
/// <param name="Confidence">The intervals' confidence, from 0 to 1.</param>
/// <param name="LeastEffectiveSize">The least effective number of pairs of runs in an environment of the sign error.</param>
/// <param name="Measures">How well each measure does, the best first.</param>
/// <param name="Runs">The runs.</param>
/// <param name="NotRanked">The measures that have fewer than two values, and why.</param>
/// <param name="LeftOut">The folders of runs that aren't among them, and why.</param>
public sealed record RankingDocument(
    string Occam,
    RankingTarget By,
    string Target,
    IReadOnlyList<string> Hyperparameters,
    int Resamples,
    double Confidence,
    double LeastEffectiveSize,
    IReadOnlyList<RankingDocument.RankedMeasureEntry> Measures,
    IReadOnlyList<RankingDocument.RankedRunEntry> Runs,
    IReadOnlyList<RankingDocument.UnrankedMeasureEntry> NotRanked,
    IReadOnlyList<RankingDocument.RunLeftOutEntry> LeftOut)
{
    /// <summary>The document of a ranking.</summary>
    public static RankingDocument Of(SweepRanking ranking) => new(
        RunEnvironment.Version,
        ranking.Target,
        ranking.TargetName,
        ranking.Hyperparameters,
        ranking.Options.Resamples,
        ranking.Options.Confidence,
        ranking.Options.LeastEffectiveSize,
        [.. ranking.Measures.Select(RankedMeasureEntry.Of)],
        [.. ranking.Runs.Select(run => RankedRunEntry.Of(run, ranking.Hyperparameters))],
        [.. ranking.NotRanked.Select(pair => new UnrankedMeasureEntry(pair.Measure, pair.Why))],
        [.. ranking.LeftOut.Select(pair => new RunLeftOutEntry(pair.Path, pair.Why))]);

    /// <summary>How well a measure ranks the runs.</summary>
    /// <param name="Id">The measure's id, and in parentheses its parameters that aren't at their defaults.</param>
    /// <param name="Runs">How many runs have a finite value of it.</param>
    /// <param name="Tau">Kendall's τ.</param>
    /// <param name="Granulated">The granulated coefficient Ψ.</param>
    /// <param name="GranulatedParts">ψ_i by hyperparameter.</param>
    /// <param name="ConditionalInformation">The normalized conditional mutual information K, at its least.</param>
    /// <param name="ConditionalInformationGiven">The hyperparameters at which K is least.</param>
    /// <param name="SignError">The sign error.</param>
    /// <param name="Robustness">Kendall's τ among the runs of each value of each hyperparameter.</param>
    public sealed record RankedMeasureEntry(
        string Id,
        int Runs,
        EstimateEntry Tau,
        EstimateEntry Granulated,
        OrderedDictionary<string, EstimateEntry> GranulatedParts,
        EstimateEntry ConditionalInformation,
        IReadOnlyList<string> ConditionalInformationGiven,
        SignErrorEntry SignError,
        RobustnessEntry Robustness)
    {
        internal static RankedMeasureEntry Of(MeasureRanking measure) => new(
            measure.Measure,
            measure.Runs,
            EstimateEntry.Of(measure.Tau),
            EstimateEntry.Of(measure.Granulated),
            new(measure.GranulatedParts.Select(part => KeyValuePair.Create(part.Key, EstimateEntry.Of(part.Value)))),
            EstimateEntry.Of(measure.Information),
            measure.InformationConditions.IsDefault ? [] : measure.InformationConditions,
            new SignErrorEntry(
                EstimateEntry.Of(measure.SignErrorMean),
                EstimateEntry.Of(measure.SignErrorPercentile90),
                EstimateEntry.Of(measure.SignErrorMaximum),
                measure.Environments.Environments,
                measure.Environments.LeftOut),
            new RobustnessEntry(measure.Robustness.IsKept, measure.Robustness.Kept, measure.Robustness.Parts));
    }

    /// <summary>The sign error over environments.</summary>
    /// <param name="Mean">Its mean.</param>
    /// <param name="Percentile90">Its 90th percentile.</param>
    /// <param name="Maximum">Its maximum.</param>
    /// <param name="Environments">How many environments there are.</param>
    /// <param name="EnvironmentsLeftOut">How many were left out because their effective size is too small.</param>
    public sealed record SignErrorEntry(
        EstimateEntry Mean, EstimateEntry Percentile90, EstimateEntry Maximum, int Environments, int EnvironmentsLeftOut);

    /// <summary>Whether a measure orders the runs in the same sense whatever one hyperparameter is held at.</summary>
    /// <param name="IsKept">Whether τ has the sign of the whole in every part; null where there are no parts, or no sign.</param>
    /// <param name="Kept">In how many parts it has.</param>
    /// <param name="Parts">The parts, of five runs or more.</param>
    public sealed record RobustnessEntry(bool? IsKept, int Kept, IReadOnlyList<SubsetTau> Parts);

    /// <summary>A statistic with its bootstrap interval.</summary>
    /// <param name="Value">The statistic; null where it isn't defined.</param>
    /// <param name="Low">The interval's lower end; null where there is none.</param>
    /// <param name="High">The interval's upper end; null where there is none.</param>
    public sealed record EstimateEntry(double? Value, double? Low, double? High)
    {
        internal static EstimateEntry Of(Estimate estimate) => new(estimate.Value, estimate.Interval?.Low, estimate.Interval?.High);
    }

    /// <summary>A run with what was measured on its last network.</summary>
    /// <param name="Path">Its folder.</param>
    /// <param name="Hyperparameters">The value of each hyperparameter.</param>
    /// <param name="TrainError">
    /// The error on the training data: a share of examples, or a mean loss where there are no classes; null of others' runs.
    /// </param>
    /// <param name="TestError">The error on the test data; of others' runs, what they are ranked by.</param>
    /// <param name="Measures">The value of each measure, by the same name; null where it couldn't be computed.</param>
    public sealed record RankedRunEntry(
        string Path,
        OrderedDictionary<string, string> Hyperparameters,
        double TrainError,
        double TestError,
        OrderedDictionary<string, double?> Measures)
    {
        internal static RankedRunEntry Of(MeasuredRun run, IEnumerable<string> hyperparameters) => new(
            run.Path,
            new(hyperparameters.Zip(run.Hyperparameters, KeyValuePair.Create)),
            run.Errors.Train,
            run.Errors.Test,
            new(run.Measures.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value))));
    }

    /// <summary>A measure that wasn't ranked.</summary>
    /// <param name="Id">The measure's id, with its parameters.</param>
    /// <param name="Why">Why not.</param>
    public sealed record UnrankedMeasureEntry(string Id, string Why);

    /// <summary>A run that isn't among the ranked ones.</summary>
    /// <param name="Run">Its folder.</param>
    /// <param name="Why">Why not.</param>
    public sealed record RunLeftOutEntry(string Run, string Why);
}
