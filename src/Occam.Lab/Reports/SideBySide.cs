namespace Occam.Lab.Reports;

/// <summary>Blocks side by side where the page is wide enough, below each other where it is not.</summary>
public sealed record SideBySide(params IReadOnlyList<Block> Blocks) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        html.Raw(Blocks.Count == 3 ? "<div class=\"beside three\">" : "<div class=\"beside\">");
        foreach (var block in Blocks)
        {
            html.Raw("<div>").Blocks([block]).Raw("</div>");
        }
        html.Raw("</div>");
    }
}
