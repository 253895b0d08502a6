using System.Text.Json;
using Occam.Cli.Running;
using Occam.Lab.Explaining;
using Occam.Training;

namespace Occam.Cli.Output;

/// <summary>An explanation as JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>The whole document of <c>occam explain</c>.</summary>
    public static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("occam", ProgramVersion.Text);
        json.WriteString("run", explanation.Run.FolderPath);
        json.WriteString("state", explanation.Status.State.ToString().ToLowerInvariant());
        json.WriteNumber("steps", explanation.Status.Step);
        json.WriteNumber("parameters", explanation.Parameters);
        json.Strings("findings", Findings.Of(explanation));
        json.List("growth", explanation.Growth.SelectMany(family => family.Series), series => Series(json, series.Key, series.Value));
        if (explanation.Place is { } place)
        {
            json.WritePropertyName("place");
            Place(json, place);
        }

        if (explanation.Mechanisms is { } mechanisms)
        {
            json.WritePropertyName("mechanisms");
            Mechanisms(json, mechanisms);
        }

        if (explanation.Comparison is { } comparison)
        {
            json.WritePropertyName("comparison");
            Comparison(json, comparison);
        }

        json.Pairs("untold", explanation.OpenQuestions, "what", question => question.What, "why", question => question.Why);
        json.WriteEndObject();
    }

    private static void Series(Utf8JsonWriter json, string name, IEnumerable<Metric> metrics)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.List("points", metrics, metric =>
        {
            json.WriteStartObject();
            json.WriteNumber("step", metric.Step);
            json.Number("value", metric.Value);
            json.Number("standardError", metric.StandardError);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter json, Placement place)
    {
        json.WriteStartObject();
        json.WriteString("data", place.Data);
        json.WritePropertyName("complexity");
        MeasureJson.Result(json, place.Complexity, perExample: true);
        json.Number("initial", place.Initial.Value);
        json.Number("best", place.Best?.Value);
        json.List("classes", place.Classes, each =>
        {
            json.WriteStartObject();
            json.WriteNumber("class", each.Class);
            json.WriteNumber("count", each.Count);
            Number(json, "complexity", each.Complexity);
            json.WriteEndObject();
        });
        json.List("most", place.Most, example => Example(json, example));
        json.List("least", place.Least, example => Example(json, example));
        json.WriteEndObject();
    }

    private static void Example(Utf8JsonWriter json, ExampleComplexity example)
    {
        json.WriteStartObject();
        json.WriteNumber("index", example.Index);
        json.Number("complexity", example.Complexity);
        json.Number("class", example.Class);
        json.Number("predicted", example.Predicted);
        json.WriteEndObject();
    }

    private static void Mechanisms(Utf8JsonWriter json, Mechanisms mechanisms)
    {
        json.WriteStartObject();
        json.Number("learningRate", mechanisms.LearningRate);
        json.Number("lastLearningRate", mechanisms.LastLearningRate);
        json.WriteNumber("batch", mechanisms.Batch);
        json.WriteNumber("batches", mechanisms.Batches);
        json.WriteBoolean("batchIsWhole", mechanisms.IsWhole);
        Number(json, "complexity", mechanisms.Complexity);
        json.List("pulls", mechanisms.Pulls, pull =>
        {
            json.WriteStartObject();
            json.WriteString("name", pull.Name);
            json.Number("strength", pull.Strength);
            Number(json, "value", pull.Value);
            Number(json, "norm", pull.Norm);
            json.Number("share", mechanisms.ShareOf(pull));
            Number(json, "effect", pull.Effect);
            json.WriteEndObject();
        });
        if (mechanisms.Implicit is { } terms)
        {
            json.WriteStartObject("implicit");
            Number(json, "total", terms.Total);
            Number(json, "gradientNorms", terms.GradientNorms);
            Number(json, "labelAlignment", terms.LabelAlignment);
            Number(json, "batchAlignment", terms.BatchAlignment);
            json.Strings("notes", terms.Notes);
            json.WriteEndObject();
        }

        json.Strings("withoutGradient", mechanisms.WithoutGradient);
        json.Strings("notes", mechanisms.Notes);
        json.WriteEndObject();
    }

    private static void Comparison(Utf8JsonWriter json, RunComparison comparison)
    {
        json.WriteStartObject();
        json.WriteString("outcome", comparison.Outcome);
        json.WriteNumber("examples", comparison.Examples);
        json.WriteNumber("placeByComplexity", comparison.PlaceByComplexity);
        json.WriteNumber("placeByOutcome", comparison.PlaceByOutcome);
        if (comparison.RankCorrelation is { } tau)
        {
            Number(json, "rankCorrelation", tau);
        }

        json.List("runs", comparison.Runs, run =>
        {
            json.WriteStartObject();
            json.WriteString("name", run.Name);
            Number(json, "complexity", run.Complexity);
            json.Number("outcome", run.Outcome);
            json.WriteBoolean("isThis", run.IsThis);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, Uncertain number)
    {
        json.WriteStartObject(name);
        json.Number("value", number.Value);
        json.Number("standardError", number.StandardError);
        json.WriteEndObject();
    }
}
