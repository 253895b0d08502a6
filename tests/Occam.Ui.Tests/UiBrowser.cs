using Microsoft.Playwright;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>A headless Chromium of the system's, with a page whose complaints are kept. Tests are skipped where there is none.</summary>
internal sealed class UiBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];

    private UiBrowser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
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
        var path = (from name in new[] { "chromium", "chromium-browser", "google-chrome" }
                    from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
                    let file = System.IO.Path.Combine(folder, name)
                    where File.Exists(file)
                    select file).FirstOrDefault();
        Assert.SkipWhen(path is null, "Chromium is not installed.");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(
            new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        page.SetDefaultTimeout(20_000);
        return new UiBrowser(playwright, browser, page);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

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
