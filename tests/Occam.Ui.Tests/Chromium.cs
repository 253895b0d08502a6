using Microsoft.Playwright;
using Occam.Ui.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Occam.Ui.Tests;

/// <summary>A headless Chromium of the system's, started for the first test that wants it and shared by all.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)?>> s_started = new(Start);

    /// <summary>The browser; null where there is none.</summary>
    public static Task<IBrowser?> Browser => Running();

    public async ValueTask DisposeAsync()
    {
        if (s_started.IsValueCreated && await s_started.Value is var (playwright, browser))
        {
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<IBrowser?> Running() => (await s_started.Value)?.Browser;

    private static async Task<(IPlaywright Playwright, IBrowser Browser)?> Start()
    {
        var path = (from name in new[] { "chromium", "chromium-browser", "google-chrome" }
                    from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                    let file = Path.Combine(folder, name)
                    where File.Exists(file)
                    select file).FirstOrDefault();
        if (path is null)
        {
            return null;
        }

        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] }));
    }
}
