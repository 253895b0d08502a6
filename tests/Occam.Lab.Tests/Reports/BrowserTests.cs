using System.Diagnostics;
using System.Text.RegularExpressions;
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
        var browser = FindBrowser();
        Assert.SkipWhen(browser is null, "Chromium is not installed.");
        var path = Path.Combine(_folder.FullName, "page.html");
        SamplePage.Make("A title with </script><b>markup</b>").Write(path);

        var document = await RenderedDocument(browser!, path);

        var figures = Regex.Matches(document, "<figure class=\"figure\".*?</figure>", RegexOptions.Singleline).Select(match => match.Value).ToArray();
        Assert.Equal(10, figures.Length);
        Assert.All(figures, figure =>
        {
            Assert.DoesNotContain("could not be drawn", figure);
            Assert.Matches("<svg[^>]*role=\"img\"[^>]*aria-label=", figure);
            Assert.Matches("<(path|rect|circle)[^>]", figure);
            Assert.DoesNotContain("NaN", Regex.Replace(figure, "<script.*?</script>", "", RegexOptions.Singleline));
        });
        Assert.Equal(8, Regex.Count(figures[0], "role=\"img\""));
        Assert.Contains("type=\"range\"", figures[1]);
        Assert.Contains("color-mix(", figures.Single(figure => figure.Contains("coloured by complexity")));
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
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", $"--user-data-dir={Path.Combine(_folder.FullName, "profile")}", "--window-size=1280,1600", "--dump-dom", new Uri(page).AbsoluteUri,
        ];
        using var process = Process.Start(new ProcessStartInfo(browser, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
