using Occam.Lab.Experiments.Contract;
using Occam.Lab.Tests;
using Xunit;

namespace Occam.Cli.Tests.Handbook;

/// <summary>Pages lead to pages that are there.</summary>
public sealed class LinkTests
{
    // What the site's pages link to and the site's builder writes.
    private static readonly HashSet<string> s_written =
    [
        "docs/site/reference/measures.md", "docs/site/reference/commands/index.md", "docs/site/figures/index.md", "docs/site/api/Occam.yml",
        .. ExperimentCatalogue.All.Keys.Select(id => $"docs/site/figures/{id}.md"),
    ];

    [Fact]
    public void No_link_among_the_pages_leads_nowhere()
    {
        Assert.True(MarkdownFile.All.Length > 20);
        var dead =
            from page in MarkdownFile.All
            from link in page.Links
            let why = WhyDead(page, link)
            where why is not null
            select $"{page.Name}: {link} {why}";
        Assert.True(!dead.Any(), string.Join('\n', dead));
    }

    [Theory]
    [InlineData("there is [none](missing.md)", "is not there")]
    [InlineData("[here](#nowhere)", "is no heading")]
    [InlineData("[here](data.md#nowhere)", "is no heading")]
    public void A_dead_link_is_found(string text, string why)
    {
        var page = new MarkdownFile("docs/page.md", $"# A page\n\n{text}\n");
        Assert.Contains(why, WhyDead(page, Assert.Single(page.Links)));
    }

    private static string? WhyDead(MarkdownFile page, string link)
    {
        var (path, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, "");
        var target = path.Length == 0 ? page.Name
            : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(page.Name)!, path));
        return s_written.Contains(target) ? null
            : target != page.Name && !Path.Exists(Path.Combine(Repository.Root, target)) ? "is not there"
            : anchor.Length == 0 ? null
            : (target == page.Name ? page : MarkdownFile.All.FirstOrDefault(other => other.Name == target)) is { } other
                && !other.Anchors.Contains(anchor) ? "is no heading of that page" : null;
    }
}
