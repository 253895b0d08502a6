using System.Text.Encodings.Web;
using System.Text.Json;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Reproduction;

/// <summary>The file with an experiment's verdicts for programs: JSON, numbers in full, what is not finite as null.</summary>
internal static class ReproductionRecord
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, ReproducedExperiment reproduced)
    {
        using var json = new Utf8JsonWriter(stream, s_options);
        json.WriteStartObject();
        WriteRun(json, reproduced);
        List(json, "claims", reproduced.Outcome.Verdicts, WriteVerdict);
        List(json, "settings", reproduced.Outcome.Settings, WriteSetting);
        List(json, "files", reproduced.Outcome.Tables, WriteTable);
        json.WriteEndObject();
    }

    /// <summary>The verdict's name in the file.</summary>
    public static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.NotReproduced => "not reproduced",
        Verdict.Undecided => "undecided",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    private static void WriteRun(Utf8JsonWriter json, ReproducedExperiment reproduced)
    {
        var (experiment, context, environment) = (reproduced.Experiment, reproduced.Context, reproduced.Environment);
        json.WriteString("id", experiment.Id);
        json.WriteString("title", experiment.Title);
        json.WriteString("paper", experiment.Paper);
        json.WriteString("figure", experiment.Figure);
        json.WriteString("scale", context.Scale.ToString().ToLowerInvariant());
        List(json, "seeds", context.Seeds, (writer, seed) => writer.WriteNumberValue(seed));
        List(json, "data", context.OpenedData, (writer, line) => writer.WriteStringValue(line));
        List(json, "remarks", [.. context.Substitutes, .. reproduced.Outcome.Remarks.Select(remark => remark.PlainText)], (writer, line) => writer.WriteStringValue(line));
        json.WriteString("command", reproduced.Command);
        json.WriteString("written", reproduced.Written);
        json.WriteNumber("seconds", reproduced.Took.TotalSeconds);
        json.WriteStartObject("environment");
        json.WriteString("occam", environment.Occam);
        json.WriteString("libtorch", environment.Libtorch);
        json.WriteString("runtime", environment.Runtime);
        json.WriteString("system", environment.System);
        json.WriteString("processor", environment.Processor);
        json.WriteNumber("cores", environment.Cores);
        json.WriteString("device", context.Device.ToString());
        json.WriteString("precision", context.Precision.Name);
        json.WriteNumber("threads", context.Threads);
        json.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter json, VerdictBlock block)
    {
        json.WriteStartObject();
        json.WriteString("claim", block.Claim.PlainText);
        json.WriteString("source", block.Source?.PlainText);
        json.WriteString("verdict", NameOf(block.Verdict));
        json.WriteString("reason", block.Reason.PlainText);
        List(json, "statistics", block.Statistics, WriteFact);
        json.WriteEndObject();
    }

    private static void WriteFact(Utf8JsonWriter json, Fact fact)
    {
        json.WriteStartObject();
        json.WriteString("name", fact.Name.PlainText);
        json.WriteString("text", fact.Value.PlainText);
        WriteNumber(json, "value", fact.Value.Number);
        WriteNumber(json, "standardError", fact.Value.StandardError);
        json.WriteEndObject();
    }

    private static void WriteSetting(Utf8JsonWriter json, ExperimentSetting setting)
    {
        json.WriteStartObject();
        json.WriteString("name", setting.Name.PlainText);
        json.WriteString("value", setting.Value.PlainText);
        json.WriteString("origin", setting.Origin.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter json, RawTable table)
    {
        json.WriteStartObject();
        json.WriteString("name", table.FileName);
        json.WriteString("description", table.Description);
        List(json, "columns", table.Columns, (writer, column) => writer.WriteStringValue(column));
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is not { } number)
        {
            return;
        }

        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }
}
