namespace Occam.Lab.Reports;

/// <summary>Blocks under a heading.</summary>
public sealed record Section(RichText Title, params IReadOnlyList<Block> Blocks) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        var id = html.FreshId("section");
        html.Raw($"<section aria-labelledby=\"{id}\">").Heading(Title, id).Blocks(Blocks).Raw("</section>");
    }
}
