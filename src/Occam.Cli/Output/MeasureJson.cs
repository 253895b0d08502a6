using System.Text.Json;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Measures;

namespace Occam.Cli.Output;

/// <summary>What was measured, as JSON.</summary>
internal static class MeasureJson
{
    /// <summary>The whole document of <c>occam measure</c>.</summary>
    public static void Write(Utf8JsonWriter json, MeasuredNetwork measured, MeasuringRequest request, bool perExample)
    {
        json.WriteStartObject();
        json.WriteString("occam", ProgramVersion.Text);
        json.WritePropertyName("network");
        Network(json, measured);
        json.WritePropertyName("data");
        Data(json, measured.Data, request.DataOptions);
        json.List("measures", measured.Results, result => Result(json, result, perExample));
        json.WriteEndObject();
    }

    /// <summary>The network, and what was done to it.</summary>
    public static void Network(Utf8JsonWriter json, MeasuredNetwork measured)
    {
        var loaded = measured.Loaded;
        json.WriteStartObject();
        json.WriteString("path", loaded.Path);
        json.WriteString("name", measured.Name);
        json.WriteNumber("parameters", loaded.ParameterCount);
        json.List("input", measured.Context.ExampleShape, json.WriteNumberValue);
        json.WriteString("output", measured.Graph?.Output);
        json.WriteNumber("outputs", measured.Context.Outputs);
        if (measured.Graph is { } network)
        {
            json.WriteNumber("opset", network.Graph.Opset);
        }
        else
        {
            json.WriteNull("opset");
        }

        json.WriteString("finalActivation", loaded.FinalActivation.ToString().ToLowerInvariant());
        json.WriteString("precision", measured.Precision);
        json.WriteString("device", measured.Context.Function.Device.ToString());
        json.Pairs("folded", measured.Context.Subject.Folding?.Folded ?? [], "node", folded => folded.Node, "into", folded => folded.Into);
        json.Pairs("notFolded", measured.LeftUnfolded, "node", left => left.Node, "why", left => left.Why);
        json.Strings("notes", measured.Done);
        json.WriteEndObject();
    }

    /// <summary>The data, and what was taken of them.</summary>
    public static void Data(Utf8JsonWriter json, DataSet data, DataOptions options)
    {
        json.WriteStartObject();
        json.WriteString("name", data.Name);
        json.WriteString("description", data.Description);
        json.WriteNumber("count", data.Count);
        json.List("shape", data.ExampleShape, json.WriteNumberValue);
        json.Number("classes", data.Labels is null ? null : data.Classes);
        json.WriteString("normalization", data.Normalization?.ToString());
        json.Number("limit", options.Limit);
        json.WriteNumber("seed", options.Seed);
        json.WriteEndObject();
    }

    /// <summary>The result of one measure.</summary>
    public static void Result(Utf8JsonWriter json, MeasureResult result, bool perExample)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Id);
        json.WriteString("title", result.Title);
        json.Number("value", result.Value);
        json.Number("standardError", result.StandardError);
        json.WriteBoolean("exact", result.Exact);
        json.WriteString("source", result.Source);
        json.WriteStartObject("details");
        foreach (var (name, value) in result.Details)
        {
            json.Number(name, value);
        }

        json.WriteEndObject();
        json.List("layers", result.Layers, layer => Layer(json, layer));
        json.Pairs("skipped", result.Skipped, "node", skipped => skipped.Node, "why", skipped => skipped.Why);
        json.Strings("notes", result.Notes);
        if (perExample && !result.PerExample.IsDefaultOrEmpty)
        {
            json.List("perExample", result.PerExample, value => json.Number(value));
        }

        if (result.NotApplicable is { } why)
        {
            json.WriteString("notApplicable", why);
        }

        json.WriteEndObject();
    }


    private static void Layer(Utf8JsonWriter json, LayerValue layer)
    {
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.Number("value", layer.Value);
        if (layer.StandardError != 0)
        {
            json.Number("standardError", layer.StandardError);
        }

        json.WriteEndObject();
    }
}
