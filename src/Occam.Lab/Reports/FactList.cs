namespace Occam.Lab.Reports;

/// <summary>Names and values, such as the configuration of a run.</summary>
public sealed record FactList(params IReadOnlyList<Fact> Facts) : Block
{
    internal override void Render(HtmlBuilder html) => Render(html, "facts", Facts);

    internal static void Render(HtmlBuilder html, string style, IEnumerable<Fact> facts)
    {
        html.Raw($"<dl class=\"{style}\">");
        foreach (var fact in facts)
        {
            html.Raw("<div>").Element("dt", fact.Name).Element("dd", fact.Value).Raw("</div>");
        }
        html.Raw("</dl>");
    }
}
