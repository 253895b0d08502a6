using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Lab.Experiments.Contract;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>The pages of the figures that were drawn here, and drawing others, as <c>occam reproduce</c> does.</summary>
internal sealed class FigureView(RunIndex index, JobList jobs, bool mayControl)
{
    private const string PageName = "index.html";

    private string Folder => FolderIn(index.Root);

    /// <summary>Where the figures are of a folder of runs, which is where <c>occam reproduce</c> puts them.</summary>
    public static string FolderIn(string root) => Path.Combine(root, "reproduce");

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/figures", context => Answer.Json(context, json =>
        {
            json.WriteStartArray();
            foreach (var name in Drawn())
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }));
        app.MapGet("/api/figures/page", context => Drawn().FirstOrDefault(name => name == context.Request.Query["name"]) is { } figure
            ? Answer.Page(context, Path.Combine(Folder, figure, PageName)) : RequestGuard.Refuse(context, 404, "there is no such page"));
        app.MapGet("/api/experiments", context => Answer.Json(context, WriteExperiments));
        app.MapPost("/api/figures/draw", RequestGuard.WithControl(mayControl, Draw));
    }

    private IEnumerable<string> Drawn() => !Directory.Exists(Folder) ? []
        : Directory.EnumerateDirectories(Folder).Where(folder => File.Exists(Path.Combine(folder, PageName)))
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    private static void WriteExperiments(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var experiment in ExperimentCatalogue.All.Values)
        {
            json.WriteStartObject();
            json.WriteString("id", experiment.Id);
            json.WriteString("title", experiment.AskedTitle);
            json.WriteString("figure", $"{experiment.Paper}, {experiment.Figure}");
            json.WriteStartArray("data");
            foreach (var data in experiment.DataSets)
            {
                json.WriteStringValue(data);
            }

            json.WriteEndArray();
            json.WriteStartObject("seconds");
            foreach (var scale in Enum.GetValues<ExperimentScale>())
            {
                json.WriteNumber(scale.Name(), experiment.Size(scale).Estimate.TotalSeconds);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task Draw(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        var experiment = ExperimentCatalogue.Find(fields.GetValueOrDefault("id", ""));
        var scale = Enum.GetValues<ExperimentScale>().Select(scale => scale.Name())
            .FirstOrDefault(name => name == fields.GetValueOrDefault("scale"))
            ?? throw new OccamException("expected a scale: smoke, laptop or paper");
        var folder = Path.GetFullPath(Path.Combine(Folder, $"{experiment.Id}-{scale}"));
        jobs.Start(
            "figure", experiment.Id, ["reproduce", experiment.Id, "--scale", scale, "--out", folder], page: Path.Combine(folder, PageName));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
