using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>The networks of runs: their graphs, and measures by layer.</summary>
internal sealed class NetworkView(RunIndex index, OwnProcess processes)
{
    private const int MostKept = 20;

    // Directions of the seed that a network's weights were drawn with would be those weights, row by row, and far from random for it.
    private const string Seed = "1000003";

    // What layers are coloured by beside what their file says.
    private static readonly Dictionary<string, string[]> s_measures = new()
    {
        ["complexity"] = ["--measures", "geometric-complexity", "--layers"],
        ["amplification"] = ["--measures", "layer-amplifications"],
    };

    private readonly ConcurrentDictionary<(string Path, long Time), string> _drawn = new();

    /// <summary>The files of a run that are networks.</summary>
    public static IReadOnlyList<string> Files { get; } = ["network.onnx", "best.onnx", "initial.onnx"];

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/network", Draw);
        app.MapPost("/api/layers", Layers);
    }

    private async Task Draw(HttpContext context)
    {
        var query = context.Request.Query;
        if (PathOf(index, query["run"], query["file"]) is not { } path)
        {
            await RequestGuard.Refuse(context, 404, "there is no such network").ConfigureAwait(false);
            return;
        }

        await Answer.Json(context, await Drawing(path, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<string> Drawing(string path, CancellationToken cancellation)
    {
        var key = (path, File.GetLastWriteTimeUtc(path).Ticks);
        if (!_drawn.TryGetValue(key, out var json))
        {
            json = await processes.Output(["inspect", path, "--drawing"], null, cancellation).ConfigureAwait(false);
            if (_drawn.Count >= MostKept)
            {
                _drawn.Clear();
            }

            _drawn[key] = json;
        }

        return json;
    }

    /// <summary>The sizes of one example as a network takes it; as the data have it where the network leaves them open.</summary>
    public async Task<IReadOnlyList<int>> ShapeOf(string path, IReadOnlyList<int> data, CancellationToken cancellation)
    {
        using var drawing = JsonDocument.Parse(await Drawing(path, cancellation).ConfigureAwait(false));
        return drawing.RootElement.TryGetProperty("exampleShape", out var shape)
            ? [.. shape.EnumerateArray().Select(size => size.GetInt32())] : data;
    }

    // Over a hundred of the run's own training examples: the complexity of each layer's output as a function of the input, or by how much
    // each layer amplifies what comes to it.
    private async Task Layers(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        var run = index.Find(fields.GetValueOrDefault("run", ""));
        if (run is null || PathOf(index, run.Name, fields.GetValueOrDefault("file")) is not { } path)
        {
            await RequestGuard.Refuse(context, 404, "there is no such network").ConfigureAwait(false);
            return;
        }

        if (!s_measures.TryGetValue(fields.GetValueOrDefault("measure", "complexity"), out var measure))
        {
            await RequestGuard.Refuse(context, 400, $"layers have {string.Join(" or ", s_measures.Keys)}").ConfigureAwait(false);
            return;
        }

        var json = await processes.Output(
            [
                "measure", path, .. RunData.Arguments(run, "train"), "--limit", "100", .. measure, "--seed", Seed, "--json",
            ],
            RunData.Folder(index, run), context.RequestAborted).ConfigureAwait(false);
        await Answer.Json(context, json).ConfigureAwait(false);
    }

    /// <summary>A run's network: by the names of both alone.</summary>
    public static string? PathOf(RunIndex index, string? run, string? file) =>
        run is not null && index.Find(run) is { } found && Files.Contains(file ?? "")
        && Path.GetFullPath(Path.Combine(index.FolderOf(found), file!)) is var path && File.Exists(path) ? path : null;
}
