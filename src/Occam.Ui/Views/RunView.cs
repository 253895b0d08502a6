using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Lab.Runs.Store;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>All about one run, and what can be done with it.</summary>
internal sealed class RunView(RunIndex index, JobList jobs, bool mayControl)
{
    private const string Explanation = "explanation.html";
    private const int MostLines = 200;

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/run", Show);
        app.MapGet("/api/run/explanation", context => Find(context, context.Request.Query["name"]) is { } run
            ? Answer.Page(context, Path.Combine(index.FolderOf(run), Explanation)) : Task.CompletedTask);
        app.MapGet("/api/jobs", context => Answer.Json(context, WriteJobs));
        app.MapGet("/api/jobs/page", context => jobs.Find(context.Request.Query["id"]) is { Page: { } page }
            ? Answer.Page(context, page) : RequestGuard.Refuse(context, 404, "there is no such page"));
        app.MapPost("/api/control", RequestGuard.WithControl(mayControl, Control));
        app.MapPost("/api/jobs/stop", Stop);
    }

    private IndexedRun? Find(HttpContext context, string? name)
    {
        var run = name is null ? null : index.Find(name);
        if (run is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        return run;
    }

    private Task Show(HttpContext context)
    {
        if (Find(context, context.Request.Query["name"]) is not { } found)
        {
            return context.Response.WriteAsync("there is no such run");
        }

        var folder = index.FolderOf(found);
        var run = found.State == IndexedRun.Unreadable ? null : RunFolder.Open(folder);
        return Answer.Json(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", found.Name);
            json.WriteString("folder", Path.GetFullPath(folder));
            json.WriteString("command", run?.Origin.Command);
            json.WriteString("configuration", run?.Reading.Text);
            json.WriteBoolean("explained", File.Exists(Path.Combine(folder, Explanation)));
            WriteEnvironment(json, run?.Origin);
            WriteFiles(json, folder);
            WriteLog(json, folder);
            json.WriteString("job", jobs.On(found.Name)?.Id);
            json.WriteEndObject();
        });
    }

    private static void WriteEnvironment(Utf8JsonWriter json, RunOrigin? origin)
    {
        json.WriteStartObject("environment");
        if (origin is not null)
        {
            var environment = origin.Environment;
            json.WriteString("Occam", environment.Commit is { } commit ? $"{environment.Occam}, {commit[..Math.Min(10, commit.Length)]}"
                : environment.Occam);
            json.WriteString("libtorch", environment.Libtorch);
            json.WriteString("runtime", environment.Runtime);
            json.WriteString("system", environment.System);
            json.WriteString("processor", $"{environment.Processor}, {environment.Cores} cores");
            json.WriteString("device", $"{origin.Device}, {origin.Threads} threads");
            json.WriteString("seed", $"{origin.Seed}");
            json.WriteString("working folder", origin.Folder);
        }

        json.WriteEndObject();
    }

    private static void WriteFiles(Utf8JsonWriter json, string folder)
    {
        json.WriteStartArray("files");
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Name[0] != '.').OrderBy(file => file.Name))
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteNumber("size", file.Length);
            json.WriteNumber("written", new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLog(Utf8JsonWriter json, string folder)
    {
        json.WriteStartArray("log");
        foreach (var line in RunLog.Read(folder, _ => { }).TakeLast(MostLines))
        {
            json.WriteStartObject();
            json.WriteNumber("at", line.At.ToUnixTimeSeconds());
            json.WriteString("what", line.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task Control(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        if (Find(context, fields.GetValueOrDefault("run")) is not { } run)
        {
            return;
        }

        var folder = Path.GetFullPath(index.FolderOf(run));
        switch (fields.GetValueOrDefault("action"))
        {
            case "stop":
                var job = jobs.On(run.Name)
                    ?? throw new OccamException("this training was started elsewhere: stop it there, by Ctrl-C");
                job.Stop();
                break;
            case "resume":
                var from = RunFolder.Open(folder).Origin.Folder;
                jobs.Start("training", run.Name, ["train", "--resume", folder, "--stop-with-input"], from, stopsWithInput: true);
                break;
            case "explain":
                jobs.Start("explanation", run.Name, ["explain", folder, "--root", Path.GetFullPath(index.Root)]);
                break;
            default:
                await RequestGuard.Refuse(context, 400, "expected an action: stop, resume, explain").ConfigureAwait(false);
                return;
        }

        await Answer.Json(context, WriteJobs).ConfigureAwait(false);
    }

    private async Task Stop(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        jobs.Find(fields.GetValueOrDefault("id"))?.Stop();
        await Answer.Json(context, WriteJobs).ConfigureAwait(false);
    }

    private void WriteJobs(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var job in jobs.All)
        {
            json.WriteStartObject();
            json.WriteString("id", job.Id);
            json.WriteString("title", job.Title);
            json.WriteString("run", job.Run);
            json.WriteNumber("started", job.Started.ToUnixTimeSeconds());
            json.WriteBoolean("page", job.Page is { } page && File.Exists(page));
            if (job.ExitCode is { } code)
            {
                json.WriteNumber("code", code);
            }

            json.WriteStartArray("lines");
            foreach (var line in job.Lines)
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
