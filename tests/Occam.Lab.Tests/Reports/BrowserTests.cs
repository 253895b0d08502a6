using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Xunit;

namespace Occam.Lab.Tests.Reports;

/// <summary>The page in a browser: what its script made of every figure.</summary>
public sealed class BrowserTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-browser-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_figure_is_drawn()
    {
        var figures = await RenderedFigures(SamplePage.Make("A title with </script><b>markup</b>"));

        Assert.Equal(23, figures.Length);
        Assert.All(figures, figure =>
        {
            AssertDrawn(figure);
            Assert.Matches("<(path|rect|circle)[^>]", figure);
        });
        Assert.Equal(8, Regex.Count(figures[0], "role=\"img\""));
        Assert.Contains("type=\"range\"", figures[1]);
        Assert.Contains("color-mix(", figures.Single(figure => figure.Contains("coloured by complexity")));
    }

    [Fact]
    public async Task Awkward_data_are_drawn_without_nonsense()
    {
        double[] missing = [double.NaN, double.NaN];
        double[] mixed = [-1, 0, 1e-9, double.PositiveInfinity, 5];
        double[] same = [3, 3, 3, 3, 3];
        Axis linear = new("x"), log = new("x", Scale.Log), symmetric = new("x", Scale.SymmetricLog), named = new("x", Scale.Category);

        Chart[] charts =
        [
            new("nothing", linear, linear),
            new("nothing, logarithmic", log, log),
            new("all missing", linear, log, new Line([1, 2], missing), new ErrorBars([1, 2], missing, missing)),
            new("constant", linear, linear, new Line(same, same), new Histogram(same)),
            new("not positive", log, log, new Line(mixed, mixed), new Dots(mixed, mixed), new ErrorBars(mixed, mixed, same),
                new ErrorBand(mixed, mixed, same)),
            new("both signs", symmetric, symmetric, new Line(mixed, mixed), new HorizontalRule(0, "zero"), new VerticalRule(-0.5, "left")),
            new("counted, not positive", log, linear, new Histogram(mixed), new Histogram([])),
            new("a single value, logarithmic", log, linear, new Histogram([7])),
            new("bars, not positive", named, log, new Bars(["a", "b"], [0, 4]) { Errors = [1, 9] }),
            new("no bars", linear, named, new Bars([], [])),
            new("no cells", linear, linear, new Polygons([], [])) { Shade = new ShadeScale("s") },
            new("cells without values", linear, linear, new Polygons([[(0, 0), (1, 0), (1, 1)]], [double.NaN]))
            {
                Shade = new ShadeScale("s", Scale.Log),
            },
            new("a grid without values", linear, linear, new HeatMap(0, 1, 0, 1, 2, [float.NaN, float.NaN, float.NaN, float.NaN])
            {
                Isolines = [0],
            }) { Shade = new ShadeScale("s", Ramp: Ramp.Diverging) },
            new("a grid of one value", linear, symmetric, new HeatMap(0, 1, -1, 1, 1, [0]) { Isolines = [0, 1] })
            {
                Shade = new ShadeScale("s", Ramp: Ramp.Sequential),
            },
            new("no shades", linear, linear, new Line(same, same) { Shade = double.NaN, Name = "a" }) { Shade = new ShadeScale("s") },
        ];

        Assert.All(await RenderedFigures(new Page("Awkward", "", charts)), AssertDrawn);
    }

    [Fact]
    public async Task Data_unfold_as_a_table_and_the_slider_moves_the_frames()
    {
        var figure = new Frames("The whole training", new Axis("x"), new Axis("y"),
            new Panel("step 1", new Line([1, 2], [0.125, double.NaN]) { Name = "function" }),
            new Panel("step 2", new Line([1, 2], [0.25, 0.5]) { Name = "function" }));
        const string use = """
            <script>
              document.querySelector("details").open = true;
              const slider = document.querySelector("input[type=range]");
              slider.value = 0;
              slider.dispatchEvent(new Event("input"));
            </script></body>
            """;
        var html = new Page("t", "", figure).ToHtml();

        var drawn = Assert.Single(await RenderedFigures(html.Replace("</body>", use)));

        Assert.Contains("download=\"the-whole-training.csv\"", drawn);
        Assert.Contains("<tr><td>step 1</td><td>function</td><td class=\"number\">1</td><td class=\"number\">0.125</td></tr>", drawn);
        Assert.Contains("<tr><td>step 1</td><td>function</td><td class=\"number\">2</td><td></td></tr>", drawn);
        Assert.Contains(">step 1</output>", drawn);
        Assert.Contains("aria-label=\"The whole training. step 1. y against x\"", drawn);
    }

    /// <summary>Of three charts the first is left alone, a part of the second is shown, and of the third all again.</summary>
    [Fact]
    public async Task Dragging_across_a_chart_shows_a_part_and_a_button_all()
    {
        double[] numbers = [.. Enumerable.Range(0, 101).Select(i => (double)i)];
        Chart[] charts =
        [
            .. Enumerable.Range(0, 3).Select(i => new Chart($"Chart {i}", new Axis("x"), new Axis("y"), new Line(numbers, numbers))),
            new("Bars", new Axis("length"), new Axis("", Scale.Category), new Bars(["a", "b"], [1, 2])),
        ];
        const string use = """
            <script>
              for (const [i, figure] of [...document.querySelectorAll("figure")].entries()) {
                if (i === 0) continue;
                const svg = figure.querySelector(".plots svg");
                const box = svg.getBoundingClientRect();
                const send = (target, type, share) => target.dispatchEvent(new PointerEvent(type, {
                  clientX: box.left + share * box.width, clientY: box.top + box.height / 2, button: 0, pointerType: "mouse", bubbles: true,
                }));
                send(svg, "pointerdown", 0.4);
                send(window, "pointermove", 0.5);
                send(window, "pointerup", 0.6);
                if (i === 2) figure.querySelector(".whole").click();
              }
            </script></body>
            """;

        var drawn = await RenderedFigures(new Page("t", "", charts).ToHtml().Replace("</body>", use));

        Assert.DoesNotContain("zoom-box", string.Concat(drawn));
        Assert.Equal(
            [true, false, true, true], drawn.Select(figure => Regex.IsMatch(figure, "<button[^>]*class=\"[a-z ]*whole\"[^>]*hidden")));
        Assert.All(new[] { 0, 2 }, i => Assert.Contains(">100</text>", drawn[i]));
        Assert.DoesNotContain(">100</text>", Regex.Match(drawn[1], "x-axis tick label.*?</g>").Value);
    }

    [Fact]
    public async Task Cells_fill_the_frame_once_in_as_many_paths_as_colours()
    {
        const int side = 90;
        var map = new Chart("A grid", new Axis("x"), new Axis("y"), HeatMap.Of(-1, 1, -1, 1, side, side, (x, y) => Math.Sin(7 * x) * y))
        {
            Shade = new ShadeScale("s"),
        };
        var cells = Enumerable.Range(0, side * side).Select(i => (X: i % side, Y: i / side))
            .Select(at => (IReadOnlyList<(double, double)>)[(at.X, at.Y), (at.X + 1, at.Y), (at.X + 1, at.Y + 1), (at.X, at.Y + 1)])
                .ToArray();
        var regions = new Chart("Regions", new Axis("x"), new Axis("y"),
            new Polygons(cells, [.. cells.Select((_, i) => (double)(i % 1000))]))
        { Shade = new ShadeScale("s") };

        var drawn = await RenderedFigures(new Page("Planes", "", map, regions));

        Assert.All(drawn, figure =>
        {
            var frame =
                Regex.Match(figure, "<clipPath id=\"plane-[0-9]+\"><rect x=\"[^\"]+\" y=\"[^\"]+\" width=\"([^\"]+)\" height=\"([^\"]+)\"");
            var paths = Regex.Matches(figure, "<path d=\"(M[^\"]+)\"[^>]*fill: color-mix").Select(match => match.Groups[1].Value).ToArray();
            Assert.InRange(paths.Length, 40, 64);
            Assert.Equal(
                Number(frame.Groups[1]) * Number(frame.Groups[2]), paths.Sum(Area),
                0.01 * Number(frame.Groups[1]) * Number(frame.Groups[2]));
            Assert.Equal(Number(frame.Groups[1]), Number(frame.Groups[2]), 1.0);
        });
    }

    [Fact]
    public async Task Every_tick_of_a_logarithmic_axis_has_its_number()
    {
        var drawn = Assert.Single(await RenderedFigures(
            new Page("t", "", new Chart("Decades", new Axis("x", Scale.Log, 1, 1000), new Axis("y"), new Line([1, 1000], [0, 1])))));

        var labels = Regex.Match(drawn, "aria-label=\"x-axis tick label\".*?</g>", RegexOptions.Singleline).Value;
        Assert.Equal(["1", "2", "5", "10", "20", "50", "100", "200", "500", "1000"], Regex
            .Matches(labels, ">([^<]*)</text>")
            .Select(match => match.Groups[1].Value));
    }

    private static double Number(Capture capture) => double.Parse(capture.Value, CultureInfo.InvariantCulture);

    // The areas of a path's polygons, summed: corners are absolute, by M, L, V and H.
    private static double Area(string path) => path.Split('Z', StringSplitOptions.RemoveEmptyEntries).Sum(outline =>
    {
        var corners = new List<(double X, double Y)>();
        foreach (Match step in Regex.Matches(outline, "([MLVH])([-0-9.]+)(?: ([-0-9.]+))?"))
        {
            var first = Number(step.Groups[2]);
            corners.Add(step.Groups[1].Value switch
            {
                "V" => (corners[^1].X, first),
                "H" => (first, corners[^1].Y),
                _ => (first, Number(step.Groups[3])),
            });
        }

        return Math.Abs(corners
            .Select((corner, i) => (corner, next: corners[(i + 1) % corners.Count]))
            .Sum(pair => (pair.corner.X * pair.next.Y) - (pair.next.X * pair.corner.Y))) / 2;
    });

    private static void AssertDrawn(string figure)
    {
        var drawn = Regex.Replace(figure, "<script.*?</script>", "", RegexOptions.Singleline);
        Assert.Equal("", Regex.Match(drawn, "This chart could not be drawn.*?</p>").Value);
        Assert.Matches("<svg[^>]*role=\"img\"[^>]*aria-label=", drawn);
        Assert.Equal("", Regex.Match(drawn, "[^<]*(NaN|Infinity|undefined)[^>]*").Value);
    }

    private Task<string[]> RenderedFigures(Page page) => RenderedFigures(page.ToHtml());

    private async Task<string[]> RenderedFigures(string html)
    {
        var browser = FindBrowser();
        Assert.SkipWhen(browser is null, "Chromium is not installed.");
        var path = Path.Combine(_folder.FullName, "page.html");
        await File.WriteAllTextAsync(path, html, TestContext.Current.CancellationToken);
        var document = await RenderedDocument(browser!, path);
        return [.. Regex.Matches(document, "<figure class=\"figure\".*?</figure>", RegexOptions.Singleline).Select(match => match.Value)];
    }

    private static string? FindBrowser() =>
        (from name in new[] { "chromium", "chromium-browser", "google-chrome" }
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         let file = Path.Combine(folder, name)
         where File.Exists(file)
         select file).FirstOrDefault();

    private async Task<string> RenderedDocument(string browser, string page)
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync", $"--user-data-dir={Path.Combine(_folder.FullName, "profile")}", "--window-size=1280,1600", "--dump-dom",
            new Uri(page).AbsoluteUri,
        ];
        using var process =
            Process.Start(new ProcessStartInfo(browser, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var document = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await errors;
            await process.WaitForExitAsync(limit.Token);
            return document;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
