using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Tests.Reports;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>Whatever the numbers and the names, no text of a chart lies on another, at any width.</summary>
public sealed class LabelsBrowserTests
{
    // Pairs of texts of one figure whose boxes share more than a pixel each way, and texts that reach out of the window.
    private const string Collisions = """
        () => [...document.querySelectorAll("figure.figure")].flatMap((figure) => {
          const texts = [...figure.querySelectorAll(".plots svg text, .plots h4")]
            .filter((text) => text.textContent.trim() && !text.closest("[aria-label=tip]"))
            .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
          const title = figure.querySelector("h3").textContent;
          const out = texts.filter(({ box }) => box.right > innerWidth + 1 || box.left < -1)
            .map(({ text }) => `${title}: '${text}' is cut off`);
          const shared = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
          const pairs = texts.flatMap((one, i) => texts.slice(i + 1)
            .filter((other) => shared(one.box, other.box, "left", "right") > 1 && shared(one.box, other.box, "top", "bottom") > 1)
            .map((other) => `${title}: '${one.text}' on '${other.text}'`));
          return [...out, ...pairs];
        })
        """;

    private static readonly string[] s_names =
        [.. Enumerable.Range(0, 14).Select(i => $"/features/stage{i / 4}/block{i}/convolution/Conv_output_{i}")];

    [Fact]
    public async Task No_label_lies_on_another()
    {
        await using var browser = await UiBrowser.Start();
        foreach (var page in (Page[])[SamplePage.Make("Every block"), Extremes(), Names()])
        {
            await browser.Page.SetContentAsync(page.ToHtml());
            await browser.Page.Locator("figure.figure svg[role=img]").First.WaitForAsync();
            foreach (var width in (int[])[400, 1400, 2560])
            {
                await browser.Resize(width);
                var collisions = await browser.Page.EvaluateAsync<string[]>(Collisions);

                Assert.True(
                    collisions.Length == 0,
                    $"{collisions.Length} of '{page.Title}' at {width}:\n{string.Join('\n', collisions.Take(30))}");
            }
        }
    }

    [Fact]
    public async Task Texts_that_lie_on_each_other_are_found()
    {
        await using var browser = await UiBrowser.Start();
        await browser.Page.SetContentAsync("""
            <figure class="figure"><h3>f</h3><div class="plots"><svg><text x="9" y="20">one</text><text x="12" y="22">two</text>
            <text x="9" y="90">three</text></svg></div></figure>
            """);

        Assert.Equal(["f: 'one' on 'two'"], await browser.Page.EvaluateAsync<string[]>(Collisions));
    }

    // Numbers of every size, on every scale, with rules close to each other.
    private static Page Extremes()
    {
        double[] sizes = [1e-12, 3e-7, 1, 7e6, 1e30];
        var charts =
            from size in sizes
            from scale in new[] { Scale.Linear, Scale.Log, Scale.SymmetricLog }
            from offset in scale == Scale.Linear ? new[] { 0.0, 1, 1e9 } : [0.0]
            select Curves(size, scale, offset);
        var decades = new Chart(
            "sixty decades", new Axis("step", Scale.Log), new Axis("value", Scale.Log),
            new Line([1e-30, 1, 1e30], [1e30, 1e-12, 1e-30]), new Dots([1e-30, 1e30], [1, 1]));
        return new Page("Numbers of every size", "", [
            .. charts,
            decades,
            new SideBySide(decades, decades, decades),
            new SmallMultiples(
                "many small ones", new Axis("how far along the way it is, in steps"), new Axis("a value with a long name"), 5,
                [.. sizes.Select(size => new Panel($"size {size}", new Line([0, 1e30], [0, 1e30])))]),
            new Chart("counts", new Axis("squared slope"), new Axis("examples"),
                new Histogram([.. Enumerable.Range(1, 500).Select(i => 1e-9 * i * i)]), new VerticalRule(1e-4, "mean")),
        ]);
    }

    private static Chart Curves(double size, Scale scale, double offset)
    {
        double[] along = [.. Enumerable.Range(1, 20).Select(i => (double)i)];
        double[] Values(double factor) => [.. along.Select(i => size * (offset + (factor * i)))];
        return new Chart(
            $"{size} on {scale} above {offset}",
            new Axis("x of some kind", scale), new Axis("y, which has σ_max in its name and is long", scale),
            new Line(Values(1), Values(1)) { Name = "first", Shade = 1 },
            new Line(Values(1), Values(1.01)) { Name = "second of a longer name", Shade = 2 },
            new Line(Values(1), Values(0.99)) { Name = "third", Shade = 3 },
            new VerticalRule(size * (offset + 10), "decision"),
            new VerticalRule(size * (offset + 10.1), "mean of them"),
            new VerticalRule(size * (offset + 19.5), "the end"),
            new HorizontalRule(size * (offset + 10), "what was expected"),
            new HorizontalRule(size * (offset + 10.2), "what was found"),
            new HorizontalRule(size * (offset + 20), "a bound"))
        {
            Shade = new ShadeScale("run"),
        };
    }

    // Names longer than there is room for.
    private static Page Names()
    {
        double[] values = [.. s_names.Select((_, i) => Math.Pow(10, i - 6))];
        Mark[] two = [new Bars(s_names, values) { Name = "A" }, new Bars(s_names, values) { Name = "B" }];
        return new Page("Names of every length", "",
            new Chart("lying", new Axis("value"), new Axis("", Scale.Category), two),
            new Chart("lying, logarithmic", new Axis("value", Scale.Log), new Axis("layer", Scale.Category), two),
            new Chart("standing", new Axis("layer", Scale.Category), new Axis("value"), two),
            new Chart("standing, logarithmic", new Axis("", Scale.Category), new Axis("value", Scale.Log), new Bars(s_names, values)),
            new SideBySide(
                new Chart("lying, narrow", new Axis("value", Scale.Log), new Axis("", Scale.Category), two),
                new Chart("standing, narrow", new Axis("layer", Scale.Category), new Axis("value"), two)));
    }
}
