namespace Occam.Lab.Reports;

/// <summary>Paragraphs of text.</summary>
public sealed record Prose(params IReadOnlyList<RichText> Paragraphs) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        foreach (var paragraph in Paragraphs)
        {
            html.Element("p", paragraph, "class=\"prose\"");
        }
    }
}
