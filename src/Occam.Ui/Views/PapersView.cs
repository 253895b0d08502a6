using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Ui.Control;
using Occam.Ui.Index;

namespace Occam.Ui.Views;

/// <summary>What the papers say, item by item, with the verdicts.</summary>
internal sealed class PapersView(RunIndex index, OwnProcess processes)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    private (long At, string Json)? _papers;

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/papers", Papers);
    }

    private async Task Papers(HttpContext context)
    {
        if (_papers is not var (at, json) || Stopwatch.GetElapsedTime(at) > s_fresh)
        {
            var figures = Path.GetFullPath(FigureView.FolderIn(index.Root));
            json = await processes.Output(["papers", "--json", "--runs", figures], null, context.RequestAborted).ConfigureAwait(false);
            _papers = (Stopwatch.GetTimestamp(), json);
        }

        await Answer.Json(context, json).ConfigureAwait(false);
    }
}
