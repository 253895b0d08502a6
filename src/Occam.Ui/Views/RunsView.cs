using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>The table of runs, what changes in it, and the curves of metrics.</summary>
internal sealed class RunsView(RunIndex index)
{
    private const int MostRuns = 64;
    private const int MostStreams = 64;
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_sign = TimeSpan.FromSeconds(10);

    private readonly CurveStore _curves = new(index);
    private readonly Lock _lock = new();
    private (long Version, byte[] Json)? _table;
    private int _streams;

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/runs", context => Answer.Json(context, Table()));
        app.MapGet("/api/events", Events);
        app.MapGet("/api/curves", Curves);
    }

    private byte[] Table()
    {
        var state = index.State;
        lock (_lock)
        {
            if (_table is not var (version, json) || version != state.Version)
            {
                _table = (state.Version, json = RunTableJson.Table(index.Instance, state));
            }

            return json;
        }
    }

    // Server-sent events: at once where the table is, then each change; a browser that lost the line asks anew by itself.
    private async Task Events(HttpContext context)
    {
        if (Interlocked.Increment(ref _streams) > MostStreams)
        {
            Interlocked.Decrement(ref _streams);
            await RequestGuard.Refuse(context, 503, "too many watch already").ConfigureAwait(false);
            return;
        }

        try
        {
            var response = context.Response;
            response.ContentType = "text/event-stream";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            var version = long.TryParse(context.Request.Query["after"], out var known)
                && context.Request.Query["instance"] == index.Instance ? known : 0;
            await response.WriteAsync($"retry: 1000\nevent: hello\ndata: {{\"instance\":\"{index.Instance}\"}}\n\n", context.RequestAborted)
                .ConfigureAwait(false);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                version = await Next(context, version).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task<long> Next(HttpContext context, long version)
    {
        index.Ask();
        using var sign = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        sign.CancelAfter(s_sign);
        try
        {
            var change = await index.After(version, sign.Token).ConfigureAwait(false);
            await context.Response.WriteAsync("event: runs\ndata: ", context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.WriteAsync(RunTableJson.Change(index.Instance, change), context.RequestAborted)
                .ConfigureAwait(false);
            await context.Response.WriteAsync("\n\n", context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await Task.Delay(s_breath, context.RequestAborted).ConfigureAwait(false);
            return change.Version;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(": here\n\n", context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            return version;
        }
    }

    private Task Curves(HttpContext context)
    {
        var query = context.Request.Query;
        var names = query["run"];
        var points = int.TryParse(query["points"], out var given) ? Math.Clamp(given, 50, 20_000) : 1_000;
        if (names.Count > MostRuns)
        {
            return RequestGuard.Refuse(context, 400, $"{names.Count} runs are too many: {MostRuns} at a time");
        }

        var runs = names.OfType<string>().Select(index.Find).OfType<IndexedRun>();
        return Answer.Json(context, _curves.Json(runs, query["metric"].OfType<string>().ToHashSet(StringComparer.Ordinal), points));
    }
}
