using System.Text.Json;
using Occam.Cli.Running;
using Occam.Lab.Ranking;

namespace Occam.Cli.Output;

/// <summary>A ranking of measures, as JSON.</summary>
internal static class RankJson
{
    /// <summary>The whole document of <c>occam rank</c>.</summary>
    public static void Write(Utf8JsonWriter json, SweepRanking ranking)
    {
        json.WriteStartObject();
        json.WriteString("occam", ProgramVersion.Text);
        json.WriteString("by", ranking.Target == RankingTarget.Gap ? "gap" : "test-error");
        json.WriteString("target", ranking.TargetName);
        json.Strings("hyperparameters", ranking.Hyperparameters);
        json.WriteNumber("resamples", ranking.Options.Resamples);
        json.WriteNumber("confidence", ranking.Options.Confidence);
        json.WriteNumber("leastEffectiveSize", ranking.Options.LeastEffectiveSize);
        json.List("measures", ranking.Measures, measure => Measure(json, measure));
        json.List("runs", ranking.Runs, run => Run(json, ranking, run));
        json.Pairs("notRanked", ranking.NotRanked, "id", pair => pair.Measure, "why", pair => pair.Why);
        json.Pairs("leftOut", ranking.LeftOut, "run", pair => pair.Path, "why", pair => pair.Why);
        json.WriteEndObject();
    }

    private static void Measure(Utf8JsonWriter json, MeasureRanking measure)
    {
        json.WriteStartObject();
        json.WriteString("id", measure.Measure);
        json.WriteNumber("runs", measure.Runs);
        Estimate(json, "tau", measure.Tau);
        Estimate(json, "granulated", measure.Granulated);
        json.WriteStartObject("granulatedParts");
        foreach (var (name, part) in measure.GranulatedParts)
        {
            Estimate(json, name, part);
        }

        json.WriteEndObject();
        Estimate(json, "conditionalInformation", measure.Information);
        json.Strings("conditionalInformationGiven", measure.InformationConditions.IsDefault ? [] : measure.InformationConditions);
        json.WriteStartObject("signError");
        Estimate(json, "mean", measure.SignErrorMean);
        Estimate(json, "percentile90", measure.SignErrorPercentile90);
        Estimate(json, "maximum", measure.SignErrorMaximum);
        json.WriteNumber("environments", measure.Environments.Environments);
        json.WriteNumber("environmentsLeftOut", measure.Environments.LeftOut);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Estimate(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteStartObject(name);
        json.Number("value", estimate.Value);
        json.Number("low", estimate.Interval?.Low);
        json.Number("high", estimate.Interval?.High);
        json.WriteEndObject();
    }

    private static void Run(Utf8JsonWriter json, SweepRanking ranking, MeasuredRun run)
    {
        json.WriteStartObject();
        json.WriteString("path", run.Path);
        json.WriteStartObject("hyperparameters");
        foreach (var (name, value) in ranking.Hyperparameters.Zip(run.Hyperparameters))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.Number("trainError", run.Errors.Train);
        json.Number("testError", run.Errors.Test);
        json.WriteStartObject("measures");
        foreach (var (id, value) in run.Measures)
        {
            json.Number(id, value.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
