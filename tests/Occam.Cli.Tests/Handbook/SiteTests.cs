using Occam.Lab.Experiments.Contract;
using Occam.Lab.PaperItems.Results;
using Occam.Lab.Tests;
using Occam.Measures;
using Occam.Site.Checks;
using Occam.Site.Pages;
using Xunit;

namespace Occam.Cli.Tests.Handbook;

/// <summary>What <c>./occam docs</c> writes beside the pages that are written by hand.</summary>
public sealed class SiteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-site-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_measure_has_its_definition_and_leads_to_the_handbook()
    {
        var handbook = MarkdownFile.All.Single(page => page.Name == "docs/measures.md");
        var page = new MarkdownFile("docs/site/reference/measures.md", Assert.Single(MeasurePages.All(handbook.Text)).Text);

        Assert.All(MeasureCatalogue.All.Keys, id => Assert.Contains($"\n`{id}` · ", page.Text, StringComparison.Ordinal));
        Assert.Equal(MeasureCatalogue.All.Count + 1, page.Links.Count());
        Assert.All(page.Links.Where(link => link.Contains('#')), link => Assert.Contains(link.Split('#')[1], handbook.Anchors));
    }

    [Fact]
    public void Every_command_has_a_page_with_its_options_and_examples()
    {
        var pages = CommandPages.All().ToDictionary();

        Assert.Contains("<code>--fail-if 'ID &gt; 1.2x'</code>", pages["reference/commands/compare.md"].Replace("&#39;", "'"));
        Assert.Contains("## occam runs query", pages["reference/commands/runs.md"]);
        var names = CommandLine.Commands(new Running.Session(TextWriter.Null, TextWriter.Null)).Select(command => command.Name);
        Assert.All(names, name => Assert.Contains("```sh\n# ", pages[$"reference/commands/{name}.md"]));
        Assert.All(names, name => Assert.Contains($"({name}.md)", pages["reference/commands/index.md"]));
    }

    [Fact]
    public void Every_figure_has_a_page_with_the_recorded_verdicts()
    {
        var pages = FigurePages.All(RecordedFigures.InOccam, []).ToDictionary();

        Assert.All(ExperimentCatalogue.All.Keys, id => Assert.Contains($"occam reproduce {id}\n", pages[$"figures/{id}.md"]));
        Assert.All(RecordedFigures.InOccam.ByFigure, figure => Assert.Equal(
            figure.Value.Document.Claims.Count, pages[$"figures/{figure.Key}.md"].Split("<article class=\"verdict ").Length - 1));
        Assert.All(
            pages.Values.Where(page => page.Contains("<div class=\"occam\">")),
            page => Assert.All(page.Split('\n').Where(line => line.Contains("<article")), line => Assert.EndsWith("</div>", line)));
    }

    [Fact]
    public void Charts_of_a_run_at_hand_are_shown()
    {
        var run = Path.Combine(_folder.FullName, "gor-1-laptop");
        Directory.CreateDirectory(run);
        File.Copy(Path.Combine(Repository.Root, "docs", "results", "gor-1.json"), Path.Combine(run, "experiment.json"));
        Write(
            "gor-1-laptop/index.html",
            "<p>before</p><figure class=\"figure\" id=\"a\">\n<h3>Its length</h3></figure><p>after</p>");

        var pages = FigurePages.All(RecordedFigures.InOccam.With(_folder.FullName), []).ToDictionary();

        Assert.Contains("<figure class=\"figure\" id=\"a\"><h3>Its length</h3></figure></div>", pages["figures/gor-1.md"]);
        Assert.DoesNotContain("before", pages["figures/gor-1.md"]);
    }

    [Fact]
    public void A_dead_link_of_a_built_site_is_found()
    {
        Write(
            "index.html",
            "<a href=\"a/b.html#there\">x</a><a href=\"a/b.html#gone\">x</a><a href=\"none.html\">x</a><img src=\"../../up.png\">");
        Write(
            "a/b.html",
            "<script src=\"https://example.org/a.js\"></script>"
                + "<h2 id=\"there\">x</h2><a href=\"../index.html?q=1\">x</a>"
                + "<a href=\"https://example.org/none\">x</a><a href=\"../a/\">x</a>");

        Assert.Equal(
            [
                "a/b.html: https://example.org/a.js is asked of another machine, which may not be there",
                "a/b.html: ../a/ is not there",
                "index.html: a/b.html#gone names no place on that page",
                "index.html: none.html is not there",
                "index.html: ../../up.png leads out of the site",
            ],
            SiteLinks.Dead(_folder.FullName));
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
