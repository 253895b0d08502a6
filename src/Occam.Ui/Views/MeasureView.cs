using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Measures;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>Measures a run's network on its data, as <c>occam measure</c> does, and keeps the page for a while.</summary>
internal sealed class MeasureView(RunIndex index, JobList jobs, bool mayControl) : IDisposable
{
    private readonly DirectoryInfo _pages = Directory.CreateTempSubdirectory("occam-pages-");
    private int _made;

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/measures", context => Answer.Json(context, Write));
        app.MapPost("/api/measure", RequestGuard.WithControl(mayControl, Measure));
    }

    /// <inheritdoc/>
    public void Dispose() => _pages.Delete(recursive: true);

    private static void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var measure in MeasureCatalogue.All.Values)
        {
            json.WriteStartObject();
            json.WriteString("id", measure.Id);
            json.WriteString("title", measure.Title);
            json.WriteString("meaning", measure.Meaning);
            json.WriteString("definition", measure.Definition.ToHtml());
            json.WriteString("source", measure.Source);
            json.WriteString("family", measure.GetType().Namespace!.Split('.')[^1]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task Measure(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        var run = index.Find(fields.GetValueOrDefault("run", "")) ?? throw new OccamException("there is no such run");
        var path = NetworkView.PathOf(index, run.Name, fields.GetValueOrDefault("file"))
            ?? throw new OccamException("there is no such network");
        var page = Path.Combine(_pages.FullName, $"{Interlocked.Increment(ref _made)}.html");
        List<string> arguments = ["measure", path, .. Data(run, fields)];
        foreach (var key in (string[])["limit", "estimate", "seed"])
        {
            if (fields.GetValueOrDefault(key) is { Length: > 0 } value)
            {
                arguments.AddRange([$"--{key}", Whole(key, value)]);
            }
        }

        if (fields.GetValueOrDefault("measures") is { Length: > 0 } measures)
        {
            arguments.AddRange(["--measures", Known(measures)]);
        }

        var initial = NetworkView.PathOf(index, run.Name, "initial.onnx");
        arguments.AddRange([.. initial is null ? Array.Empty<string>() : ["--initial", initial], "--html", page]);
        jobs.Start("measuring", run.Name, arguments, RunData.Folder(index, run), page: page);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static IEnumerable<string> Data(IndexedRun run, IReadOnlyDictionary<string, string> fields) =>
        fields.GetValueOrDefault("set") switch
        {
            "train" => RunData.Arguments(run, "train"),
            "other" when fields.GetValueOrDefault("data")?.Trim() is { Length: > 0 } data => RunData.ArgumentsOf(run, data),
            "other" => throw new OccamException("no data are named: expected a data set such as mnist:test, or a file"),
            _ => RunData.Arguments(run, "test"),
        };

    private static string Whole(string key, string text) => int.TryParse(text, out var number) && number >= 0 ? $"{number}"
        : throw new OccamException($"the {key} is '{PrintableText.Short(text)}': expected a whole number");

    private static string Known(string measures) =>
        measures.Split(',').FirstOrDefault(id => !MeasureCatalogue.All.ContainsKey(id)) is { } unknown
            ? throw new OccamException($"there is no measure '{PrintableText.Short(unknown)}'") : measures;
}
