namespace Occam.Lab.Reports;

/// <summary>Blocks that are shown when their heading is clicked.</summary>
internal sealed record Unfolding(RichText Heading, params IReadOnlyList<Block> Blocks) : Block
{
    internal override void Render(HtmlBuilder html) =>
        html.Raw("<details class=\"unfolding\">").Element("summary", Heading).Raw("<div>").Blocks(Blocks).Raw("</div></details>");
}
