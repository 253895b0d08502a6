namespace Occam.Lab.Reports.Charts;

/// <summary>What colours mean in the charts below it, told once for all of them.</summary>
internal sealed record Legend(RichText Title, params IReadOnlyList<(RichText Name, Tone Tone)> Entries) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<p class=\"legend shared\">").Element("span", Title);
        foreach (var (name, tone) in Entries)
        {
            var colour = $"var(--{tone.ToString().ToLowerInvariant()})";
            html.Raw($"<span><svg viewBox=\"0 0 24 14\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"7\" r=\"4\" fill=\"{colour}\"/></svg>")
                .Text(name).Raw("</span>");
        }

        html.Raw("</p>");
    }
}
