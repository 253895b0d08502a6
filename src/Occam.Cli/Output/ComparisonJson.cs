using System.Text.Json;
using Occam.Cli.Running;
using Occam.Lab.Measuring;

namespace Occam.Cli.Output;

/// <summary>Two networks side by side, as JSON.</summary>
internal static class ComparisonJson
{
    /// <summary>The whole document of <c>occam compare</c>.</summary>
    public static void Write(Utf8JsonWriter json, Comparison comparison, MeasuringRequest request, IReadOnlyList<Condition.Decision> decisions, bool perExample)
    {
        json.WriteStartObject();
        json.WriteString("occam", ProgramVersion.Text);
        json.WritePropertyName("a");
        MeasureJson.Network(json, comparison.A);
        json.WritePropertyName("b");
        MeasureJson.Network(json, comparison.B);
        json.WritePropertyName("data");
        MeasureJson.Data(json, comparison.A.Data, request.DataOptions);
        json.List("measures", comparison.Measures, measure => Measure(json, measure, perExample));
        json.List("conditions", decisions, decision => Condition(json, decision));
        json.WriteEndObject();
    }

    private static void Measure(Utf8JsonWriter json, MeasureComparison measure, bool perExample)
    {
        json.WriteStartObject();
        json.WriteString("id", measure.A.Id);
        json.WriteString("title", measure.A.Title);
        json.WriteString("source", measure.A.Source);
        json.Number("difference", measure.Difference);
        json.Number("standardError", measure.StandardError);
        json.WriteString("basis", measure.Basis switch { ErrorBasis.Paired => "paired", ErrorBasis.StandardErrors => "standardErrors", _ => "exact" });
        json.Number("ratio", measure.Ratio);
        json.WriteBoolean("exceeds", measure.Exceeds);
        if (measure.NotApplicable is { } why)
        {
            json.WriteString("notApplicable", why);
        }

        json.WritePropertyName("a");
        MeasureJson.Result(json, measure.A, perExample);
        json.WritePropertyName("b");
        MeasureJson.Result(json, measure.B, perExample);
        json.WriteEndObject();
    }

    private static void Condition(Utf8JsonWriter json, Condition.Decision decision)
    {
        json.WriteStartObject();
        json.WriteString("condition", decision.Condition.Text);
        json.Number("value", decision.Value);
        json.Number("bound", decision.Bound);
        json.WriteBoolean("holds", decision.Holds);
        json.WriteEndObject();
    }
}
