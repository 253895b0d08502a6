using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>The table of runs in a real browser.</summary>
public sealed class RunsBrowserTests : IDisposable
{
    private readonly RunStoreMaker _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Runs_are_searched_sorted_chosen_and_drawn()
    {
        _store.Add("low", rate: 0.01, loss: 0.125);
        _store.Add("middle", rate: 0.1, loss: 0.25);
        _store.Add("high", rate: 1, loss: 0.5, state: "diverged");
        await using var served = await Served.Start(new UiOptions(_store.Root));
        await using var browser = await UiBrowser.Start();
        var page = browser.Page;
        await page.GotoAsync(served.Server.Address.ToString());

        await page.GetByRole(AriaRole.Columnheader, new() { Name = "train.loss" }).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(["high", "middle", "low"], await Names(page));
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "train.loss" }).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(["low", "middle", "high"], await Names(page));

        var search = page.GetByRole(AriaRole.Searchbox, new() { Name = "Search runs" });
        await search.FillAsync("learning-rate>=0.1 -state:diverged");
        Assert.Equal(["middle"], await Names(page));
        Assert.Equal("1 of 3 runs", await page.Locator(".count").TextContentAsync());
        await search.FillAsync("no-such-key>1");
        Assert.Equal("no run has no-such-key", await page.Locator(".count").TextContentAsync());
        await search.FillAsync("");

        await page.Locator(".charts svg[role=img]").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose none" }).ClickAsync();
        Assert.Equal(0, await page.Locator(".row.chosen").CountAsync());
        await page.GetByRole(AriaRole.Grid).FocusAsync();
        foreach (var key in (string[])["Home", "Space", "ArrowDown", "Space"])
        {
            await page.Keyboard.PressAsync(key);
        }

        await Assertions.Expect(page.Locator(".row.chosen")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".charts figure").First.Locator(".legend span")).ToHaveTextAsync(["low", "middle"]);
        await page.GetByText("log y").ClickAsync();
        await page.GetByText("Time", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".charts figure").First).ToContainTextAsync("Training time, s");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("x=time.*log=1|log=1.*x=time"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Time_is_each_points_own_and_a_run_that_kept_none_is_named()
    {
        _store.Add("old");
        File.WriteAllText(
            Path.Combine(_store.Add("timed", rows: 0), "metrics.jsonl"),
            RunStoreMaker.Row(0, 1, elapsed: 0.5) + RunStoreMaker.Row(5, 0.5, elapsed: 3) + RunStoreMaker.Row(10, 0.25, elapsed: 81));
        await using var served = await Served.Start(new UiOptions(_store.Root));
        await using var browser = await UiBrowser.Start();
        var page = browser.Page;
        var figure = page.Locator(".charts figure").First;
        await page.GotoAsync($"{served.Server.Address}#/runs?x=time&runs=timed");
        await Assertions.Expect(figure).ToContainTextAsync("Training time, s");
        await Assertions.Expect(figure.Locator("figcaption")).ToBeHiddenAsync();
        await Assertions.Expect(figure.Locator(".plots")).ToContainTextAsync("80");

        await page.Locator(".row", new() { HasText = "old" }).ClickAsync();
        await Assertions.Expect(figure.Locator("figcaption")).ToHaveTextAsync(
            "No times were kept by old: a step counts as long as the run's mean step.");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_name_with_HTML_in_it_is_shown_as_it_is()
    {
        const string Name = "<img src=x onerror=alert(1)>&amp;\"'";
        _store.Add(Name);
        await using var served = await Served.Start(new UiOptions(_store.Root));
        await using var browser = await UiBrowser.Start();
        var alerts = 0;
        browser.Page.Dialog += (_, dialog) =>
        {
            alerts++;
            _ = dialog.DismissAsync();
        };
        await browser.Page.GotoAsync(served.Server.Address.ToString());
        await browser.Page.Locator(".charts svg[role=img]").First.WaitForAsync();

        Assert.Equal([Name], await Names(browser.Page));
        Assert.Contains(Name, await browser.Page.Locator(".charts").InnerTextAsync());
        Assert.Equal(0, await browser.Page.Locator("main img").CountAsync());
        Assert.Equal(0, alerts);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_thousand_runs_are_a_screenful_of_rows_and_all_can_be_reached()
    {
        _store.AddMany(1_000);
        await using var served = await Served.Start(new UiOptions(_store.Root));
        await using var browser = await UiBrowser.Start();
        var page = browser.Page;
        await page.GotoAsync($"{served.Server.Address}#/runs?sort=name&up=1&runs=");
        await Assertions.Expect(page.Locator(".count")).ToHaveTextAsync("1000 runs");

        // Half a second on a machine with nothing else to do; here others may run beside it.
        Assert.InRange(
            await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"), 1, 2000);

        Assert.InRange(await page.Locator(".row").CountAsync(), 10, 60);
        await page.GetByRole(AriaRole.Grid).FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator(".row.at")).ToContainTextAsync("run-999");
        Assert.InRange(await page.Locator(".row").CountAsync(), 10, 60);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_run_that_trains_moves_by_itself_and_a_server_that_comes_back_is_found_again()
    {
        var folder = _store.Add("live", state: "running", rows: 2);
        using var held = FolderLock.Take(folder);
        var first = await Served.Start(new UiOptions(_store.Root));
        await using var browser = await UiBrowser.Start();
        var page = browser.Page;
        await page.GotoAsync(first.Server.Address.ToString());
        await Assertions.Expect(page.Locator(".row")).ToContainTextAsync("running");
        await File.AppendAllTextAsync(
            Path.Combine(folder, "metrics.jsonl"), RunStoreMaker.Row(8, 0.4375), TestContext.Current.CancellationToken);
        await Assertions.Expect(page.Locator(".row")).ToContainTextAsync("0.4375");
        Assert.Empty(browser.Complaints);

        var port = first.Server.Address.Port;
        await first.DisposeAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("no connection");
        _store.Add("later");
        await using var second = await Served.Start(new UiOptions(_store.Root) { Port = port });
        await Assertions.Expect(page.Locator(".row")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#line")).ToHaveTextAsync("live");
    }

    private static async Task<string[]> Names(IPage page)
    {
        // The row at the top comes first, whatever the order in which rows were made.
        await page.WaitForTimeoutAsync(100);
        return await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.row')].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
                + ".map((row) => row.querySelector('.name').textContent)");
    }
}
