using System.Text.Encodings.Web;
using System.Text.Json;
using Occam.Lab.Documents;
using Xunit;

namespace Occam.Lab.Tests.Documents;

public sealed class JsonSchemaTests
{
    private const string Write = "OCCAM_WRITE_SCHEMA";

    [Fact]
    public void The_schema_is_that_of_the_records()
    {
        var options = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var expected = $"{DocumentSchema.Make().ToJsonString(options)}\n";
        var file = Path.Combine(Repository.Root, "docs", "json.schema.json");
        if (Environment.GetEnvironmentVariable(Write) is not null)
        {
            File.WriteAllText(file, expected);
        }

        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == expected,
            $"docs/json.schema.json is not that of the records; write it with {Write}=1 ./occam test -class {typeof(JsonSchemaTests)}");
    }

    [Fact]
    public void Every_document_is_in_the_schema_and_in_the_handbook()
    {
        var (definitions, handbook) = (DocumentSchema.Make()["$defs"]!.AsObject(), Repository.Read("docs", "json.md"));
        var documents = typeof(DocumentJson).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(DocumentJson).Namespace && type.Name.EndsWith("Document", StringComparison.Ordinal));
        Assert.All(documents, document => Assert.True(
            definitions.ContainsKey(DocumentSchema.NameOf(document)),
            $"give DocumentSchema.Make typeof({document.Name}), and DocumentContext [JsonSerializable(typeof({document.Name}))]"));
        Assert.All(documents.Select(DocumentSchema.NameOf), name => Assert.True(
            handbook.Contains($"`{name}`", StringComparison.Ordinal),
            $"docs/json.md doesn't mention `{name}`: name it there, with an example"));
    }
}
