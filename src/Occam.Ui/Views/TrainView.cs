using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Examples;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>Trains a network as a configuration says that was written in the browser, as <c>occam train</c> does.</summary>
internal sealed partial class TrainView(RunIndex index, JobList jobs, bool mayControl) : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("occam-configurations-");
    private int _made;

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/configurations", context => Answer.Json(context, WriteExamples));
        app.MapPost("/api/train", RequestGuard.WithControl(mayControl, Train));
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Delete(recursive: true);

    private static void WriteExamples(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var (name, text) in ExampleConfigurations.All)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("title", ExampleConfigurations.Title(name));
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task Train(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        var text = fields.GetValueOrDefault("configuration", "");
        var problems = ConfigurationReading.OfText(text, "configuration").Problems;
        if (problems.IsEmpty)
        {
            Start(fields.GetValueOrDefault("name", ""), text);
        }

        await Answer.Json(context, json =>
        {
            json.WriteStartArray();
            foreach (var problem in problems)
            {
                json.WriteStartObject();
                json.WriteNumber("line", problem.Where.Line);
                json.WriteNumber("column", problem.Where.Column);
                json.WriteString("message", problem.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    private void Start(string name, string text)
    {
        if (!RunName().IsMatch(name))
        {
            throw new OccamException(
                $"a run can't be called '{PrintableText.Short(name)}': expected letters, digits, '-', '_' and '.', at most 64, a letter or "
                + "digit first");
        }

        var folder = Path.Combine(Path.GetFullPath(index.Root), name);
        if (Path.Exists(folder))
        {
            throw new OccamException($"there is a run '{name}' already: give another name");
        }

        var file = Path.Combine(_files.CreateSubdirectory($"{Interlocked.Increment(ref _made)}").FullName, $"{name}.yaml");
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        jobs.Start("training", name, ["train", file, "--out", folder, "--stop-with-input"], stopsWithInput: true);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex RunName();
}
