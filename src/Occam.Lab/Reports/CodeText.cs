namespace Occam.Lab.Reports;

/// <summary>Lines of a file or of a terminal, as they are.</summary>
public sealed record CodeText(string Text) : Block
{
    internal override void Render(HtmlBuilder html) => html.Raw("<pre class=\"code\" tabindex=\"0\">").Element("code", Text).Raw("</pre>");
}
