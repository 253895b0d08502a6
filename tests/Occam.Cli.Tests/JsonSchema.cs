using System.Text.Json;
using Occam.Lab.Tests;

namespace Occam.Cli.Tests;

/// <summary>Holds JSON against <c>docs/json.schema.json</c>, by the keywords that stand there; another one is an error.</summary>
public static class JsonSchema
{
    private static readonly JsonElement s_definitions = JsonDocument
        .Parse(Repository.Read("docs", "json.schema.json"))
        .RootElement.GetProperty("$defs");

    /// <summary>What is wrong with a document, a line a mistake; none where it is as the schema says.</summary>
    /// <param name="kind">The definition.</param>
    /// <param name="json">The document.</param>
    public static IEnumerable<string> Mistakes(string kind, string json) =>
        Mistakes(s_definitions.GetProperty(kind), JsonDocument.Parse(json).RootElement, kind);

    private static IEnumerable<string> Mistakes(JsonElement schema, JsonElement value, string at) =>
        schema.EnumerateObject().SelectMany(keyword => keyword.Name switch
        {
            "description" or "properties" or "format" => [],
            "$ref" => Mistakes(s_definitions.GetProperty(keyword.Value.GetString()!.Split('/')[^1]), value, at),
            "type" => Wrong(
                !Listed(keyword.Value).Any(type => IsOf(type.GetString()!, value)),
                $"{at} is {value.ValueKind}, not {string.Join(" or ", Listed(keyword.Value))}"),
            "enum" => Wrong(
                !Listed(keyword.Value).Any(one => JsonElement.DeepEquals(one, value)),
                $"{at} is {value}, not one of {keyword.Value}"),
            "anyOf" => Wrong(
                !Listed(keyword.Value).Any(one => !Mistakes(one, value, at).Any()),
                $"{at} is {value}, and none of {keyword.Value}"),
            "required" => Listed(keyword.Value)
                .Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at} has no {name}"),
            "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray()
                .SelectMany((item, i) => Mistakes(keyword.Value, item, $"{at}[{i}]")),
            "additionalProperties" => value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().SelectMany(property =>
                schema.TryGetProperty("properties", out var known) && known.TryGetProperty(property.Name, out var its)
                    ? Mistakes(its, property.Value, $"{at}.{property.Name}")
                    : keyword.Value.ValueKind == JsonValueKind.False ? [$"{at} has an unknown {property.Name}"]
                    : Mistakes(keyword.Value, property.Value, $"{at}.{property.Name}")),
            _ => throw new NotSupportedException($"{keyword.Name} of {at} can't be checked: teach it to {nameof(JsonSchema)}"),
        });

    private static IEnumerable<string> Wrong(bool wrong, string mistake) => wrong ? [mistake] : [];

    private static IEnumerable<JsonElement> Listed(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => type == value.ValueKind.ToString().ToLowerInvariant(),
    };
}
