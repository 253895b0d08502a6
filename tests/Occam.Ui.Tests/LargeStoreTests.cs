using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>A store of ten thousand runs, served by the program as people start it.</summary>
public sealed class LargeStoreTests : IDisposable
{
    private const int Runs = 10_000;
    private const long MostMemory = 300_000_000;

    private readonly RunStoreMaker _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Ten_thousand_runs_are_soon_rows_and_take_less_than_300_megabytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells in /proc how much memory another process took at most.");
        await using var browser = await UiBrowser.Start();
        var page = browser.Page;
        page.SetDefaultTimeout(60_000);
        _store.AddMany(Runs);
        using var server = Serve();
        try
        {
            var address = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(address);
            await AllRead(new Uri(address));

            // A second on a machine with nothing else to do; here others may run beside it.
            var clock = Stopwatch.StartNew();
            await page.GotoAsync($"{address}#/runs?sort=name&up=1");
            await page.Locator(".row").First.WaitForAsync();
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
            await Assertions.Expect(page.Locator(".count")).ToHaveTextAsync("10,000 runs");
            Assert.InRange(await page.Locator(".row").CountAsync(), 10, 60);

            // The last of them, and the curves of those that are chosen first.
            await page.GetByRole(AriaRole.Grid).FocusAsync();
            await page.Keyboard.PressAsync("End");
            await Assertions.Expect(page.Locator(".row.at")).ToContainTextAsync("run-");
            await page.Locator(".charts svg[role=img]").First.WaitForAsync();
            var most = MostMemoryOf(server.Id);
            TestContext.Current.SendDiagnosticMessage($"{clock.Elapsed.TotalSeconds:0.0} s, {most / 1e6:0} MB");
            Assert.InRange(most, 1, MostMemory);
            Assert.Empty(browser.Complaints);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Serve()
    {
        var start = new ProcessStartInfo(TrainedStore.Program[0], [.. TrainedStore.Program[1..], "ui", _store.Root, "--port", "0"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_CACHE_HOME"] = _store.In("cache");
        return Process.Start(start)!;
    }

    private static async Task AllRead(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        for (; ; await Task.Delay(200, TestContext.Current.CancellationToken))
        {
            using var table = JsonDocument.Parse(
                await client.GetStringAsync(new Uri("/api/runs", UriKind.Relative), TestContext.Current.CancellationToken));
            if (table.RootElement.GetProperty("names").GetArrayLength() == Runs && table.RootElement.GetProperty("unread").GetInt32() == 0)
            {
                return;
            }
        }
    }

    // The most memory that a process had at any moment, in bytes.
    private static long MostMemoryOf(int process)
    {
        const string Key = "VmHWM:";
        var line = File.ReadLines($"/proc/{process}/status").First(one => one.StartsWith(Key, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Key.Length..].Replace("kB", ""), NumberStyles.Any, CultureInfo.InvariantCulture);
    }
}
