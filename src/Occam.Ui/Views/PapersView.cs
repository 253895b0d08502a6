using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>What the papers say, item by item, with the verdicts; and the pages of figures that were drawn here.</summary>
internal sealed class PapersView(RunIndex index, OwnProcess processes)
{
    private const string PageName = "index.html";

    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    private (DateTimeOffset At, string Json)? _papers;

    // Where occam reproduce puts its figures.
    private string Figures => Path.Combine(index.Root, "reproduce");

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/papers", Papers);
        app.MapGet("/api/figures", context => Answer.Json(context, json =>
        {
            json.WriteStartArray();
            foreach (var name in Names())
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }));
        app.MapGet("/api/figures/page", context => Names().FirstOrDefault(name => name == context.Request.Query["name"]) is { } figure
            ? Answer.Page(context, Path.Combine(Figures, figure, PageName)) : RequestGuard.Refuse(context, 404, "there is no such page"));
    }

    private IEnumerable<string> Names() => !Directory.Exists(Figures) ? []
        : Directory.EnumerateDirectories(Figures).Where(folder => File.Exists(Path.Combine(folder, PageName)))
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    private async Task Papers(HttpContext context)
    {
        if (_papers is not var (at, json) || DateTimeOffset.UtcNow - at > s_fresh)
        {
            json = await processes.Output(["papers", "--json", "--runs", Path.GetFullPath(Figures)], null, context.RequestAborted)
                .ConfigureAwait(false);
            _papers = (DateTimeOffset.UtcNow, json);
        }

        await Answer.Json(context, json).ConfigureAwait(false);
    }
}
