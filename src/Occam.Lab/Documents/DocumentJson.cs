using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Occam.Lab.Text;

namespace Occam.Lab.Documents;

/// <summary>How documents become JSON: indented, numbers that read back as they were, NaN and infinities as null.</summary>
public static class DocumentJson
{
    /// <summary>The rules. Their contract is <c>docs/json.schema.json</c>.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        TypeInfoResolver = DocumentContext.Default,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteOrNull(), new QueryResultConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Begins to learn how documents of a kind are written, beside what else is done: the first one takes long to write.</summary>
    /// <param name="any">One of the kind, with something in each of its parts.</param>
    internal static void Prepare<T>(T any) => Task.Run(() => Write(any));

    /// <summary>A document in UTF-8.</summary>
    public static byte[] Write<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, Options);
}
