using System.Text.Encodings.Web;
using System.Text.Json;
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
}
