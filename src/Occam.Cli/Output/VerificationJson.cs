using System.Text.Json;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Theory;

namespace Occam.Cli.Output;

/// <summary>What became of the theorems, as JSON.</summary>
internal static class VerificationJson
{
    /// <summary>The whole document of <c>occam verify</c>.</summary>
    public static void Write(Utf8JsonWriter json, Verification verification, DataOptions options)
    {
        json.WriteStartObject();
        json.WriteString("occam", ProgramVersion.Text);
        json.WriteString("network", verification.Path);
        json.WritePropertyName("data");
        MeasureJson.Data(json, verification.Context.Data, options);
        json.List("theorems", verification.Results, result => Result(json, result));
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, TheoremResult result)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Id);
        json.WriteString("title", result.Title);
        json.WriteString("source", result.Source);
        json.WriteString("verdict", VerificationTable.Words(result.Verdict));
        json.WriteString("notApplicable", result.NotApplicable);
        json.List("inequalities", result.Inequalities, inequality => Inequality(json, inequality));
        json.List("hypotheses", result.Hypotheses, hypothesis => Hypothesis(json, hypothesis));
        json.WriteStartObject("details");
        foreach (var (name, value) in result.Details)
        {
            json.Number(name, value);
        }

        json.WriteEndObject();
        json.Strings("notes", result.Notes);
        json.WriteEndObject();
    }

    private static void Inequality(Utf8JsonWriter json, Inequality inequality)
    {
        json.WriteStartObject();
        json.WriteString("name", inequality.Name);
        json.WriteBoolean("proved", inequality.IsProved);
        json.WriteString("relation", inequality.IsEquality ? "=" : "<=");
        json.Number("left", inequality.Left);
        json.Number("right", inequality.Right);
        json.Number("slack", inequality.Slack);
        json.WriteString("verdict", VerificationTable.Words(inequality.Verdict));
        json.WriteString("why", inequality.Why);
        json.WriteEndObject();
    }

    private static void Hypothesis(Utf8JsonWriter json, Hypothesis hypothesis)
    {
        json.WriteStartObject();
        json.WriteString("name", hypothesis.Name);
        if (hypothesis.Holds is { } holds)
        {
            json.WriteBoolean("holds", holds);
        }
        else
        {
            json.WriteNull("holds");
        }

        json.WriteString("finding", hypothesis.Finding);
        json.WriteEndObject();
    }
}
