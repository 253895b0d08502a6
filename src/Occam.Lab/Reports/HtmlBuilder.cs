using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Occam.Lab.Reports;

/// <summary>Collects a page's HTML: literal markup by <see cref="Raw"/>, everything else escaped.</summary>
internal sealed partial class HtmlBuilder
{
    private readonly StringBuilder _html = new();
    private readonly List<(RichText Title, string Id)> _headings = [];
    private int _names;

    /// <summary>The sections so far, with the ids of their headings.</summary>
    public IReadOnlyList<(RichText Title, string Id)> Headings => _headings;

    public HtmlBuilder Raw(string markup)
    {
        _html.Append(markup);
        return this;
    }

    public HtmlBuilder Text(string text) => Raw(WebUtility.HtmlEncode(text));

    public HtmlBuilder Text(RichText text) => Raw(text.ToString());

    /// <summary>An element that holds only the text; <paramref name="attributes"/> is literal markup.</summary>
    public HtmlBuilder Element(string tag, RichText text, string attributes = "") =>
        Raw(attributes.Length == 0 ? $"<{tag}>" : $"<{tag} {attributes}>").Text(text).Raw($"</{tag}>");

    public HtmlBuilder Blocks(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            block.Render(this);
            _html.Append('\n');
        }
        return this;
    }

    /// <summary>A section's heading, which the list of contents links to.</summary>
    public HtmlBuilder Heading(RichText title, string id)
    {
        _headings.Add((title, id));
        return Element("h2", title, $"id=\"{id}\"");
    }

    /// <summary>A name for an element's id that the page has not used yet.</summary>
    public string FreshId(string prefix) => $"{prefix}-{++_names}";

    public override string ToString() => _html.ToString();

    /// <summary>The HTML with each power of ten beside its factor: no line ends between them.</summary>
    public string WithWholeNumbers() => PowerOfTen().Replace(ToString(), "\u00a0$1\u00a010");

    // Escaped, and as numbers that need no escaping are written.
    [GeneratedRegex(" (×|&#215;) 10")]
    private static partial Regex PowerOfTen();
}
