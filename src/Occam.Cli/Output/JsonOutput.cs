using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Occam.Cli.Running;

namespace Occam.Cli.Output;

/// <summary>JSON for people and programs: indented, numbers that read back as they were, NaN and infinity as null.</summary>
public static class JsonOutput
{
    /// <summary>Where <c>--json</c> without a file goes.</summary>
    public const string StandardOutput = "-";

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document to a file, whole or not at all, or to the results.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public static void Write(string destination, Session session, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            content(json);
        }

        buffer.Write("\n"u8);
        if (destination == StandardOutput)
        {
            session.Output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
            return;
        }

        AtomicFile.Write(destination, stream => stream.Write(buffer.WrittenSpan));
        session.Note($"wrote {destination}");
    }

    /// <summary>Writes a named number, or null where there is no finite one.</summary>
    public static void Number(this Utf8JsonWriter json, string name, double? number)
    {
        json.WritePropertyName(name);
        json.Number(number);
    }

    /// <summary>Writes a number, or null where there is no finite one.</summary>
    public static void Number(this Utf8JsonWriter json, double? number)
    {
        if (number is { } value && double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Writes a named list of things.</summary>
    public static void List<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a named list of texts.</summary>
    public static void Strings(this Utf8JsonWriter json, string name, IEnumerable<string> texts) => json.List(name, texts, json.WriteStringValue);

    /// <summary>Writes a list of objects of a name and a text each.</summary>
    public static void Pairs<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, string first, Func<T, string> firstOf, string second, Func<T, string> secondOf) =>
        json.List(name, items, item =>
        {
            json.WriteStartObject();
            json.WriteString(first, firstOf(item));
            json.WriteString(second, secondOf(item));
            json.WriteEndObject();
        });
}
