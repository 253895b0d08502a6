using Microsoft.Playwright;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>Every view in a real browser, while a run trains.</summary>
public sealed class ViewsBrowserTests(TrainedStore store) : IClassFixture<TrainedStore>, IDisposable
{
    /// <summary>No training goes on after its test.</summary>
    public void Dispose() => store.Kill();

    [Fact]
    public async Task Every_view_opens_while_a_run_trains_and_the_console_stays_silent()
    {
        await using var browser = await UiBrowser.Start();
        store.TrainOn("live");
        await using var served = await Served.Start(store.Options);
        var page = browser.Page;
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        await page.GotoAsync(served.Server.Address.ToString());
        var live = page.Locator(".row", new() { HasText = "live" });
        await Assertions.Expect(live).ToContainTextAsync("running");
        var before = await live.InnerTextAsync();
        await Assertions.Expect(live).Not.ToHaveTextAsync(before, new() { UseInnerText = true });

        // A run, with what differs from another.
        await page.GetByRole(AriaRole.Link, new() { Name = "fast" }).ClickAsync();
        await page.Locator("figure svg[role=img]").First.WaitForAsync();
        await page.Locator("figure details.raw summary").First.ClickAsync();
        await Assertions.Expect(page.Locator("figure a[download]").First).ToBeVisibleAsync();
        Assert.Equal("fast · Run · Occam", await page.TitleAsync());
        await page.GetByLabel("Compare with another run").FillAsync("slow");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".differs th")).ToHaveTextAsync(["optimizer.learning-rate"]);

        // Its network, by keyboard.
        await page.GetByRole(AriaRole.Link, new() { Name = "Network", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Gemm layer1" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".layer-details")).ToContainTextAsync("16 × 784");
        await page.GetByLabel("Coloured by").SelectOptionAsync("complexity");
        await Assertions.Expect(page.Locator(".box.coloured")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".legend")).ToContainTextAsync("layer complexity");
        await page.GetByLabel("Coloured by").SelectOptionAsync("amplification");
        await Assertions.Expect(page.Locator(".legend")).ToContainTextAsync("amplification");
        await Assertions.Expect(page.Locator(".box.coloured")).Not.ToHaveCountAsync(0);

        // An example of its data.
        await page.GetByRole(AriaRole.Link, new() { Name = "fast" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Examples" }).ClickAsync();
        await page.Locator(".strip button").Nth(4).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "example 4" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".maps svg[role=img]")).ToHaveCountAsync(10);
        await Assertions.Expect(page.Locator(".maps svg[role=img]").First).ToHaveAttributeAsync(
            "aria-label", new System.Text.RegularExpressions.Regex("Row against Column"));

        // Rows are numbered from the top: the first row's number stands above the others.
        Assert.True(await page.EvaluateAsync<bool>("""
            () => {
              const numbers = [...document.querySelectorAll(".maps svg")[0].querySelectorAll("[aria-label^=y-axis][aria-label*=tick] text")]
                .map((text) => ({ row: Number(text.textContent), top: text.getBoundingClientRect().top }));
              return numbers.length > 2 && numbers[0].row === 0 && numbers.every(({ row, top }) => row === 0 || top > numbers[0].top);
            }
            """));
        await page.Locator(".strip button").Nth(5).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(page.Locator(".way figcaption")).ToBeVisibleAsync();

        // The next ones, with their pictures, and the way to another without a keyboard.
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "example 48" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".example-picture canvas")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Look along the way" }).ClickAsync();
        await page.Locator(".strip button").Nth(2).ClickAsync();
        await Assertions.Expect(page.Locator(".way h3")).ToHaveTextAsync("From example 48 to 50");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".example-picture canvas")).ToBeVisibleAsync();

        // A measurement, with its page.
        await page.GetByRole(AriaRole.Link, new() { Name = "Measure" }).ClickAsync();
        await page.GetByLabel("Run", new() { Exact = true }).FillAsync("fast");
        await page.GetByLabel("Examples", new() { Exact = true }).FillAsync("20");
        await page.GetByText("Choose measures").ClickAsync();
        await Assertions.Expect(page.Locator(".families .tick", new() { HasText = "Geometric complexity" }).Locator("math mfrac").First)
            .ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure" }).ClickAsync();
        var opened = page.GetByRole(AriaRole.Link, new() { Name = "Open the page" });
        await Assertions.Expect(opened).ToBeVisibleAsync();
        Assert.Contains("Geometric complexity", await served.Client.GetStringAsync(
            new Uri(await opened.GetAttributeAsync("href") ?? "", UriKind.Relative), TestContext.Current.CancellationToken));

        // Another, on other data than the run's.
        await page.GetByLabel("Data", new() { Exact = true }).SelectOptionAsync("other");
        await page.GetByLabel("Other data", new() { Exact = true }).First.FillAsync("glyphs:train");
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure" }).ClickAsync();
        await Assertions.Expect(opened).ToHaveCountAsync(2);
        var pages = await Task.WhenAll((await opened.AllAsync()).Select(async link => await served.Client.GetStringAsync(
            new Uri(await link.GetAttributeAsync("href") ?? "", UriKind.Relative), TestContext.Current.CancellationToken)));
        Assert.Single(pages, html => html.Contains("glyphs:train", StringComparison.Ordinal));

        // The papers' items.
        await page.GetByRole(AriaRole.Link, new() { Name = "Figures" }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search the items" }).FillAsync("gor-1");
        await Assertions.Expect(page.Locator(".items")).ToContainTextAsync("gor-1/ends-shortest");
        await Assertions.Expect(page.Locator(".items .place").First).ToContainTextAsync("et al. 2021");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search the items" }).FillAsync("The slope of the loss surface");
        await Assertions.Expect(page.Locator(".items sub", new() { HasText = "θ" }).First).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_training_is_resumed_and_stopped_from_the_browser()
    {
        await using var browser = await UiBrowser.Start();
        var folder = Path.Combine(store.Root, "stopped");
        store.TrainOn("stopped");
        await using var served = await Served.Start(store.Options);
        var page = browser.Page;
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        await page.GotoAsync($"{served.Server.Address}#/run/stopped");
        await Assertions.Expect(page.Locator(".standing")).ToContainTextAsync("running");

        // It isn't this server's.
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(page.Locator(".failure")).ToContainTextAsync("was started elsewhere");
        store.Kill();
        await Assertions.Expect(page.Locator(".standing")).ToContainTextAsync("killed");

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.Locator(".standing")).ToContainTextAsync("running");
        await Assertions.Expect(page.Locator(".job")).ToContainTextAsync("goes on");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop" })).ToHaveCountAsync(1);
        await page.Locator(".actions").GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(page.Locator(".standing")).ToContainTextAsync("interrupted");
        Assert.False(FolderLock.IsTaken(folder));
    }

    [Fact]
    public async Task A_training_and_a_figure_are_started_from_the_browser()
    {
        await using var browser = await UiBrowser.Start();
        await using var served = await Served.Start(store.Options);
        var page = browser.Page;
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        await page.GotoAsync($"{served.Server.Address}#/run/fast");
        await page.GetByRole(AriaRole.Link, new() { Name = "Train another like it" }).ClickAsync();
        var text = page.GetByRole(AriaRole.Textbox, new() { Name = "Configuration, in YAML" });
        await Assertions.Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("learning-rate: 0.1"));
        var name = page.GetByRole(AriaRole.Textbox, new() { Name = "Name of the run" });
        await Assertions.Expect(name).ToHaveValueAsync("fast-2");
        await name.FillAsync("begun");

        // A mistake leads to its line.
        await text.FillAsync(TrainedStore.Configuration.Replace("batch: 20", "batch: many"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Train", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "line 5" }).ClickAsync();
        Assert.Equal("many", await text.EvaluateAsync<string>("e => e.value.slice(e.selectionStart, e.selectionEnd)"));

        await text.FillAsync(TrainedStore.Configuration);
        await page.GetByRole(AriaRole.Button, new() { Name = "Train", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See begun" }).ClickAsync();
        await Assertions.Expect(page.Locator(".standing")).ToContainTextAsync("completed");
        Assert.Equal(TrainedStore.Configuration, File.ReadAllText(Path.Combine(store.Root, "begun", "config.yaml")));

        // And a figure of a paper.
        await page.GetByRole(AriaRole.Link, new() { Name = "Figures" }).ClickAsync();
        await page.GetByLabel("Figure", new() { Exact = true }).SelectOptionAsync("bth-5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Draw" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "bth-5-smoke" })).ToBeVisibleAsync();
        Assert.Contains("Figure 5", await served.Client.GetStringAsync(
            new Uri("/api/figures/page?name=bth-5-smoke", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task An_answer_that_comes_late_does_not_take_the_place_of_what_was_asked_after_it()
    {
        await using var browser = await UiBrowser.Start();
        await using var served = await Served.Start(store.Options);
        var page = browser.Page;
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        var asked = new TaskCompletionSource();
        var later = new TaskCompletionSource();
        await page.RouteAsync("**/api/example", async route =>
        {
            var isFirst = route.Request.PostData!.Contains("\"index\":\"0\"", StringComparison.Ordinal);
            var answer = await route.FetchAsync();
            if (isFirst)
            {
                asked.SetResult();
                await later.Task;
            }

            await route.FulfillAsync(new() { Response = answer });
        });
        await page.GotoAsync($"{served.Server.Address}#/example/fast");
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await page.Locator(".strip button").Nth(4).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "example 4" })).ToBeVisibleAsync();

        var arrived = page.WaitForResponseAsync(response => response.Request.PostData?.Contains("\"index\":\"0\"") == true);
        later.SetResult();
        await arrived;
        await page.EvaluateAsync("() => new Promise((done) => setTimeout(done, 200))");
        Assert.Equal("example 4", await page.Locator(".example-result h2").First.TextContentAsync());
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task No_view_is_wider_than_the_window()
    {
        await using var browser = await UiBrowser.Start();
        await using var served = await Served.Start(store.Options);
        foreach (var view in (string[])["runs", "run/fast", "network/fast", "example/fast", "measure", "train", "figures"])
        {
            await browser.Page.GotoAsync($"{served.Server.Address}#/{view}");
            await browser.Page.Locator("#main h1").First.WaitForAsync();
            foreach (var width in (int[])[400, 1440, 3840])
            {
                await browser.Resize(width);
                Assert.True(
                    await browser.Page.EvaluateAsync<bool>(
                        "() => document.documentElement.scrollWidth <= innerWidth"
                            + " && document.getElementById('main').scrollWidth <= document.getElementById('main').clientWidth"),
                    $"{view} at {width}");
            }
        }
    }
}
