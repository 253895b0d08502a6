using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Occam.Lab.Documents;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;
using Occam.Training;

namespace Occam.Lab.Tests.Documents;

/// <summary>The JSON schema of all that Occam writes for programs: a definition a record, described by the record's doc comment.</summary>
internal sealed partial class DocumentSchema
{
    private readonly JsonObject _definitions = [];
    private readonly Queue<Type> _waiting = new();
    private readonly Dictionary<string, XElement> _comments = [];

    private DocumentSchema()
    {
        foreach (var name in new[] { "Occam", "Occam.Lab" })
        {
            foreach (var member in XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{name}.xml")).Descendants("member"))
            {
                _comments[member.Attribute("name")!.Value] = member;
            }
        }
    }

    public static JsonObject Make()
    {
        var schema = new DocumentSchema();
        schema.Add(
            DocumentJson.Options,
            typeof(MeasureDocument), typeof(AuditDocument), typeof(ComparisonDocument),
            typeof(WeightComparisonDocument), typeof(WeightsDocument), typeof(VerificationDocument),
            typeof(ExplanationDocument), typeof(RankingDocument), typeof(ReproductionDocument), typeof(MeasureCatalogueDocument),
            typeof(PaperItemsDocument), typeof(InferenceDocument), typeof(TextDocument), typeof(InspectionDocument), typeof(QueryResult));
        schema.Add(RunJson.OfRuns.Rules, typeof(RunStatus), typeof(RunOrigin), typeof(Metric), typeof(RunEvent));
        schema.Add(SweepFolder.Json.Rules, typeof(SweepPlan));
        foreach (var document in new[] { typeof(RunStatus), typeof(RunOrigin), typeof(SweepPlan) })
        {
            schema._definitions[NameOf(document)]!["properties"]!["digest"] = new JsonObject
            {
                ["description"] = "XxHash128 of all before it in the file, by which damage is found. Files of older versions have none.",
                ["type"] = "string",
            };
        }

        foreach (var line in new[] { typeof(Metric), typeof(RunEvent) })
        {
            schema._definitions[NameOf(line)]!["properties"]!["crc"] = new JsonObject
            {
                ["description"] = "CRC-32 of the bytes before it in the line, by which damage is found. Files of older versions have none.",
                ["type"] = "string",
            };
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "What Occam writes for programs",
            ["$defs"] = schema._definitions,
        };
    }

    private void Add(JsonSerializerOptions options, params ReadOnlySpan<Type> documents)
    {
        foreach (var document in documents)
        {
            _waiting.Enqueue(document);
        }

        while (_waiting.TryDequeue(out var type))
        {
            if (!_definitions.ContainsKey(NameOf(type)))
            {
                _definitions[NameOf(type)] = null;
                _definitions[NameOf(type)] = options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
                {
                    TreatNullObliviousAsNonNullable = true,
                    TransformSchemaNode = (context, node) => Transform(context, node, type),
                });
            }
        }
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, Type root)
    {
        var (info, property) = (context.TypeInfo, context.PropertyInfo);
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        var maybeNull = property is null ? type != info.Type : property.IsGetNullable && !IsOptional(property);
        var schema = node as JsonObject ?? [];
        if (context.Path.IsEmpty)
        {
            return type == typeof(QueryResult) ? Table() : Whole(schema, info);
        }

        if (info.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object && !type.IsGenericType)
        {
            _waiting.Enqueue(type);
            schema = new JsonObject { ["$ref"] = $"#/$defs/{NameOf(type)}" };
            schema = maybeNull ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) } : schema;
        }
        else if (IsFiniteOrNull(info))
        {
            schema = Number();
        }
        else if (!maybeNull && schema["type"] is JsonArray types)
        {
            // The exporter asks what may be read, too.
            schema["type"] = types[0]!.DeepClone();
        }

        if (info is { ElementType: { } element, Kind: not JsonTypeInfoKind.None } && IsFiniteOrNull(info.Options.GetTypeInfo(element)))
        {
            schema[info.Kind == JsonTypeInfoKind.Dictionary ? "additionalProperties" : "items"] = Number();
        }

        schema.Remove("default");
        if (property is not null && DescriptionOf(property) is { } description)
        {
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    // Of what a converter writes the exporter knows nothing.
    private static bool IsFiniteOrNull(JsonTypeInfo info) =>
        (Nullable.GetUnderlyingType(info.Type) ?? info.Type) == typeof(double) && info.Options == DocumentJson.Options;

    private static JsonObject Number() => new() { ["type"] = new JsonArray("number", "null") };

    private JsonObject Whole(JsonObject schema, JsonTypeInfo type)
    {
        var required = type.Properties.Where(property => property.Get is not null && !IsOptional(property));
        schema.Remove("required");
        schema["required"] = new JsonArray([.. required.Select(property => JsonValue.Create(property.Name))]);
        schema["additionalProperties"] = false;
        if (Summary(type.Type) is { } summary)
        {
            schema.Insert(0, "description", summary);
        }

        return schema;
    }

    private static JsonObject Table() => new()
    {
        ["description"] = "What occam runs --json and occam runs query --json write: a row an object, with the columns in their order.",
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") },
        },
    };

    private static bool IsOptional(JsonPropertyInfo? property) =>
        property?.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private string? Summary(Type type) => Text(_comments.GetValueOrDefault($"T:{Id(type)}")?.Element("summary"));

    private string? DescriptionOf(JsonPropertyInfo property)
    {
        var (type, name) = (property.DeclaringType, ((MemberInfo)property.AttributeProvider!).Name);
        var parameters = _comments.GetValueOrDefault($"T:{Id(type)}")?.Elements("param");
        return Text(parameters?.FirstOrDefault(parameter => parameter.Attribute("name")!.Value == name))
            ?? Text(_comments.GetValueOrDefault($"P:{Id(type)}.{name}")?.Element("summary"));
    }

    private static string Id(Type type) => type.FullName!.Replace('+', '.');

    private static string? Text(XElement? comment)
    {
        if (comment is null)
        {
            return null;
        }

        // The first paragraph says what it is; the further ones are for those who read the code.
        var first = comment.Nodes().TakeWhile(node => node is not XElement { Name.LocalName: "para" });
        var words = first.SelectMany(WithParts).Select(node => node switch
        {
            XText text => text.Value,
            XElement { FirstNode: null } reference => reference.Attributes().First().Value.Split('(')[0].Split('.')[^1],
            _ => "",
        });
        return Spaces().Replace(string.Concat(words), " ").Trim();
    }

    private static IEnumerable<XNode> WithParts(XNode node) => node is XElement element ? [element, .. element.DescendantNodes()] : [node];

    /// <summary>The name of a type's definition.</summary>
    public static string NameOf(Type type) =>
        type == typeof(QueryResult) ? "table" : JsonNamingPolicy.CamelCase.ConvertName(Ending().Replace(type.Name, ""));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("(Document|Entry)$")]
    private static partial Regex Ending();
}
