using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>How well a measure ranks the runs of a sweep by their gap.</summary>
/// <param name="Measure">The measure's name.</param>
/// <param name="Runs">How many runs have a finite value of it.</param>
/// <param name="LeftOut">How many have none.</param>
/// <param name="Tau">Kendall's τ.</param>
/// <param name="Granulated">Ψ.</param>
/// <param name="GranulatedParts">ψ_i by hyperparameter.</param>
/// <param name="Information">K.</param>
/// <param name="InformationConditions">The hyperparameters at which K's least was found.</param>
/// <param name="SignErrorMean">The sign error's mean over environments.</param>
/// <param name="SignErrorPercentile90">Its 90th percentile.</param>
/// <param name="SignErrorMaximum">Its maximum.</param>
/// <param name="Environments">The environments of the sign error, and what else is known of it.</param>
/// <param name="Robustness">Whether the order survives when a hyperparameter is held at one value.</param>
public sealed record MeasureRanking(
    string Measure,
    int Runs,
    int LeftOut,
    Estimate Tau,
    Estimate Granulated,
    ImmutableArray<KeyValuePair<string, Estimate>> GranulatedParts,
    Estimate Information,
    ImmutableArray<string> InformationConditions,
    Estimate SignErrorMean,
    Estimate SignErrorPercentile90,
    Estimate SignErrorMaximum,
    SignError Environments,
    Robustness Robustness)
{
    /// <summary>All statistics of a measure over a table of runs, each with its interval.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static MeasureRanking Compute(RunTable table, string measure, RankingOptions options)
    {
        var sample = table.For(measure);
        double?[] Statistics(double[]? weights)
        {
            var granulated = GranulatedTau.Compute(sample, weights);
            var error = SignError.Compute(sample, options, weights);
            return
            [
                KendallTau.Compute(sample, weights), granulated.Mean, ConditionalInformation.Compute(sample, weights).Value,
                error.Mean, error.Percentile90, error.Maximum, .. granulated.Parts.Select(part => part.Value),
            ];
        }

        var values = Statistics(null);
        var intervals = sample.Count > 0 && options.Resamples > 0
            ? Bootstrap.Intervals(sample.Count, Statistics, options)
            : [.. new Interval?[values.Length]];
        Estimate At(int i) => new(values[i], values[i] is null ? null : intervals[i]);
        return new MeasureRanking(
            measure,
            sample.Count,
            table.Rows.Length - sample.Count,
            At(0),
            At(1),
            [.. sample.Hyperparameters.Select((name, i) => KeyValuePair.Create(name, At(6 + i)))],
            At(2),
            ConditionalInformation.Compute(sample).Conditions,
            At(3),
            At(4),
            At(5),
            SignError.Compute(sample, options),
            Robustness.Compute(table, measure));
    }

    /// <summary>The rankings of all measures of a table, the best granulated coefficient first.</summary>
    /// <inheritdoc cref="Compute"/>
    public static ImmutableArray<MeasureRanking> All(RunTable table, RankingOptions options) =>
        [.. table.Measures
            .Select(measure => Compute(table, measure, options))
            .OrderByDescending(ranking => ranking.Granulated.Value ?? ranking.Tau.Value ?? double.NegativeInfinity)];
}
