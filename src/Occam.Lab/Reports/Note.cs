namespace Occam.Lab.Reports;

/// <summary>A remark that the reader must not miss, such as that the images are synthetic.</summary>
public sealed record Note(RichText Text) : Block
{
    internal override void Render(HtmlBuilder html) => html.Element("p", Text, "class=\"note\" role=\"note\"");
}
