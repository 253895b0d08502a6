using System.Net;

namespace Occam.Lab.Reports;

/// <summary>Files that lie beside the page, each with what is in it.</summary>
public sealed record FileLinks(params IReadOnlyList<Fact> Files) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<ul class=\"files\">");
        foreach (var (name, description) in Files)
        {
            var address = WebUtility.HtmlEncode(Uri.EscapeDataString(name.PlainText));
            html.Raw($"<li><a href=\"{address}\">").Text(name).Raw("</a> ").Element("span", description).Raw("</li>");
        }
        html.Raw("</ul>");
    }
}
