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
            typeof(MeasureDocument), typeof(ComparisonDocument), typeof(VerificationDocument), typeof(ExplanationDocument), typeof(RankingDocument),
            typeof(ReproductionDocument), typeof(QueryResult));
        schema.Add(RunJson.OfRuns.Rules, typeof(RunStatus), typeof(RunOrigin), typeof(Metric));
        schema.Add(SweepFolder.Json.Rules, typeof(SweepPlan));
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
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var isNullable = type != context.TypeInfo.Type || context.PropertyInfo is { IsGetNullable: true };
        JsonObject schema;
        if (type == root && context.Path.IsEmpty)
        {
            schema = type == typeof(QueryResult) ? Table() : Whole((JsonObject)node, context.TypeInfo);
        }
        else if (context.TypeInfo.Kind == JsonTypeInfoKind.Object || type.IsValueType && context.TypeInfo.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object)
        {
            _waiting.Enqueue(type);
            schema = new JsonObject { ["$ref"] = $"#/$defs/{NameOf(type)}" };
            if (isNullable && !IsOptional(context.PropertyInfo))
            {
                schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
            }
        }
        else if (type == typeof(double) && node is not JsonObject { Count: > 0 })
        {
            // The converter writes null where a number isn't finite.
            schema = new JsonObject { ["type"] = new JsonArray("number", "null") };
        }
        else
        {
            schema = node as JsonObject ?? [];
        }

        if (context.PropertyInfo is { } property && DescriptionOf(property) is { } description)
        {
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private JsonObject Whole(JsonObject schema, JsonTypeInfo type)
    {
        string[] required = [.. type.Properties.Where(property => property.Get is not null && !IsOptional(property)).Select(property => property.Name)];
        schema.Remove("required");
        schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        schema["additionalProperties"] = false;
        if (Summary(type.Type) is { } summary)
        {
            schema.Insert(0, "description", summary);
        }

        return schema;
    }

    private JsonObject Table() => new()
    {
        ["description"] = Summary(typeof(QueryResult)),
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") },
        },
    };

    private static bool IsOptional(JsonPropertyInfo? property) =>
        property?.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private string? Summary(Type type) => Text(_comments.GetValueOrDefault($"T:{Id(type)}")?.Element("summary"));

    private string? DescriptionOf(JsonPropertyInfo property)
    {
        var (type, name) = (property.DeclaringType, ((MemberInfo)property.AttributeProvider!).Name);
        return Text(_comments.GetValueOrDefault($"T:{Id(type)}")?.Elements("param").FirstOrDefault(each => each.Attribute("name")!.Value == name))
            ?? Text(_comments.GetValueOrDefault($"P:{Id(type)}.{name}")?.Element("summary"));
    }

    private static string Id(Type type) => type.FullName!.Replace('+', '.');

    private static string? Text(XElement? comment)
    {
        if (comment is null)
        {
            return null;
        }

        var words = comment.DescendantNodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { FirstNode: null } reference => reference.Attributes().First().Value.Split('.')[^1],
            _ => "",
        });
        return Spaces().Replace(string.Concat(words), " ").Trim();
    }

    private static string NameOf(Type type) => JsonNamingPolicy.CamelCase.ConvertName(Ending().Replace(type.Name, ""));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("(Document|Entry)$")]
    private static partial Regex Ending();
}
