using Microsoft.Playwright;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>A page of <see cref="Chromium"/> with a profile of its own, whose complaints are kept.</summary>
internal sealed class UiBrowser : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    private UiBrowser(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Keep(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Keep(error);
    }

    public IPage Page { get; }

    /// <summary>What the console has of errors and warnings.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    public static async Task<UiBrowser> Start(int width = 1280, int height = 900)
    {
        var browser = await Chromium.Browser;
        Assert.SkipWhen(browser is null, "Chromium is not installed.");
        var page = await browser!.NewPageAsync(
            new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        page.SetDefaultTimeout(20_000);
        return new UiBrowser(page);
    }

    /// <summary>Gives the window another width, and waits until what follows it is drawn anew.</summary>
    public async Task Resize(int width, int height = 900)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.EvaluateAsync(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");
    }

    // What belongs to the page alone goes with it; the browser stays.
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private void Keep(string? complaint)
    {
        if (complaint is not null)
        {
            lock (_complaints)
            {
                _complaints.Add(complaint);
            }
        }
    }
}
