using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Occam.Ui.Index;

/// <summary>
/// Runs as JSON, by column: what all have in common is written once, texts by their numbers in a list, so that ten thousand runs are a
/// megabyte or two. Numbers that JSON hasn't are texts: "NaN", "Infinity", "-Infinity".
/// </summary>
internal static class RunTableJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Default, SkipValidation = false };

    /// <summary>All runs.</summary>
    public static byte[] Table(string instance, IndexState state)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("instance", instance);
            json.WriteNumber("version", state.Version);
            json.WriteNumber("unread", state.Unread);
            json.WriteStartArray("names");
            foreach (var run in state.Runs)
            {
                json.WriteStringValue(run.Name);
            }

            json.WriteEndArray();
            json.WriteStartArray("columns");
            foreach (var (key, cells) in Columns(state.Runs))
            {
                WriteColumn(json, key, cells);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What changed.</summary>
    public static byte[] Change(string instance, IndexChange change)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("instance", instance);
            json.WriteNumber("version", change.Version);
            json.WriteNumber("unread", change.Unread);
            if (change.Runs is { } runs)
            {
                json.WriteStartArray("runs");
                foreach (var run in runs)
                {
                    WriteRun(json, run);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a number, or the name of one that JSON hasn't.</summary>
    public static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    /// <summary>Writes a run: its name, and its cells by key.</summary>
    public static void WriteRun(Utf8JsonWriter json, IndexedRun run)
    {
        json.WriteStartObject();
        json.WriteString("name", run.Name);
        json.WriteStartObject("cells");
        foreach (var (key, text, number) in run.Cells)
        {
            json.WritePropertyName(key);
            if (text is null)
            {
                WriteNumber(json, number);
            }
            else
            {
                json.WriteStringValue(text);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // In the order in which keys are first met; a cell a run, null where a run has nothing there.
    private static List<KeyValuePair<string, Cell?[]>> Columns(ImmutableArray<IndexedRun> runs)
    {
        var order = new List<KeyValuePair<string, Cell?[]>>();
        var columns = new Dictionary<string, Cell?[]>(StringComparer.Ordinal);
        foreach (var (i, run) in runs.Index())
        {
            foreach (var cell in run.Cells)
            {
                if (!columns.TryGetValue(cell.Key, out var column))
                {
                    columns[cell.Key] = column = new Cell?[runs.Length];
                    order.Add(KeyValuePair.Create(cell.Key, column));
                }

                column[i] = cell;
            }
        }

        return order;
    }

    private static void WriteColumn(Utf8JsonWriter json, string key, Cell?[] cells)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        if (cells.Any(cell => cell is { Text: not null }))
        {
            WriteTexts(json, cells);
        }
        else
        {
            json.WriteStartArray("numbers");
            foreach (var cell in cells)
            {
                if (cell is { } there)
                {
                    WriteNumber(json, there.Number);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, Cell?[] cells)
    {
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        int?[] codes = [.. cells.Select(cell => cell is null ? (int?)null : Code(cell.Value))];
        json.WriteStartArray("texts");
        foreach (var text in texts.Keys)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
        if (codes.Distinct().Count() == 1)
        {
            return;
        }

        json.WriteStartArray("codes");
        foreach (var code in codes)
        {
            if (code is { } there)
            {
                json.WriteNumberValue(there);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();

        int Code(Cell cell)
        {
            var text = cell.Text ?? cell.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            if (!texts.TryGetValue(text, out var code))
            {
                texts.Add(text, code = texts.Count);
            }

            return code;
        }
    }
}
