using System.Globalization;
using System.Text;

namespace Occam.Lab.Reports;

/// <summary>
/// A report as one HTML file that needs nothing else: style, script and data are in it, and its own
/// content security policy keeps it from asking the network for anything.
/// </summary>
public sealed record Page(string Title, RichText Subtitle, params IReadOnlyList<Block> Blocks)
{
    private const string SecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    private const int FewestInContents = 3;

    /// <summary>The command that made the page, as typed; left out when empty.</summary>
    public string Command { get; init; } = "";

    /// <summary>When the page was made.</summary>
    public DateTimeOffset Written { get; init; } = DateTimeOffset.Now;

    /// <summary>A few words above the title: the experiment's id, the paper.</summary>
    public RichText? Kicker { get; init; }

    /// <summary>The whole page.</summary>
    public string ToHtml()
    {
        var html = new HtmlBuilder();
        html.Raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"{SecurityPolicy}\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"generator\" content=\"Occam\">")
            .Element("title", Title)
            .Raw("<link rel=\"icon\" href=\"data:,\"><style>").Raw(PageAssets.Style).Raw("</style></head>\n<body><header>");
        if (Kicker is { } kicker)
        {
            html.Element("p", kicker, "class=\"kicker\"");
        }
        html.Element("h1", Title).Element("p", Subtitle, "class=\"subtitle\"").Raw("</header>\n");
        var main = new HtmlBuilder().Blocks(Blocks);
        RenderContents(html, main.Headings);
        html.Raw("<main>\n").Raw(main.WithWholeNumbers()).Raw("</main>\n");
        RenderFooter(html);
        return html.Raw("<script>").Raw(PageAssets.Script).Raw("</script></body></html>\n").ToString();
    }

    /// <summary>Writes the page, whole or not at all: a file that is there already is replaced only by a complete one.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public void Write(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(ToHtml());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static void RenderContents(HtmlBuilder html, IReadOnlyList<(RichText Title, string Id)> headings)
    {
        if (headings.Count < FewestInContents)
        {
            return;
        }

        html.Raw("<nav class=\"contents\" aria-label=\"On this page\"><ul>");
        foreach (var (title, id) in headings)
        {
            html.Raw($"<li><a href=\"#{id}\">").Text(title).Raw("</a></li>");
        }

        html.Raw("</ul></nav>\n");
    }

    private void RenderFooter(HtmlBuilder html)
    {
        html.Raw("<footer><p><strong>Occam</strong> ").Text(RunEnvironment.Version).Raw(" · <time datetime=\"")
            .Text(Written.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)).Raw("\">")
            .Text(Written.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)).Raw("</time></p>");
        if (Command.Length > 0)
        {
            html.Raw("<p class=\"command\">").Element("code", Command).Raw("</p>");
        }
        html.Raw("</footer>");
    }
}
