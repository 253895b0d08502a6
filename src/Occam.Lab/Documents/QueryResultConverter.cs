using System.Text.Json;
using System.Text.Json.Serialization;
using Occam.Lab.Runs.Query;

namespace Occam.Lab.Documents;

/// <summary>A table as an array of objects, a row each, with the columns in their order; SQL may give two of them one name.</summary>
internal sealed class QueryResultConverter : JsonConverter<QueryResult>
{
    public override QueryResult Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("tables are written, and never read");

    public override void Write(Utf8JsonWriter writer, QueryResult table, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var row in table.Rows)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in table.Columns.Zip(row))
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case long whole:
                writer.WriteNumberValue(whole);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case null or double:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
