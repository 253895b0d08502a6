using Occam.Lab.Text;

namespace Occam.Lab.Reports;

/// <summary>Measured quantities, a row each: value ± standard error, exact or estimated, source, and the rest to unfold.</summary>
public sealed record ResultTable(params IReadOnlyList<Result> Results) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<table class=\"results\"><thead><tr><th scope=\"col\">Quantity</th><th scope=\"col\" class=\"number\">Value</th>")
            .Raw("<th scope=\"col\">Kind</th><th scope=\"col\">Source</th></tr></thead>");
        var hasFamilies = Results.Select(result => result.Family).Distinct().Skip(1).Any();
        var family = "";
        foreach (var result in Results)
        {
            if (hasFamilies && result.Family != family)
            {
                family = result.Family;
                html.Raw("<tbody class=\"family\"><tr><th colspan=\"4\" scope=\"rowgroup\">").Text(family).Raw("</th></tr></tbody>");
            }

            Render(html, result);
        }
        html.Raw("</table>");
    }

    private static void Render(HtmlBuilder html, Result result)
    {
        html.Raw("<tbody><tr><th scope=\"row\">").Text(result.Title);
        if (result.Id.Length > 0)
        {
            html.Raw(" ").Element("code", result.Id);
        }
        html.Raw("</th>")
            .Element("td", RichText.WithError(result.Quantity), "class=\"number\"")
            .Raw($"<td><span class=\"badge {(result.Quantity.IsExact ? "exact" : "estimated")}\">")
            .Text(NumberText.KindOf(result.Quantity))
            .Raw("</span></td>")
            .Element("td", result.Source, "class=\"source\"")
            .Raw("</tr>");
        if (result.Details.Count + result.Moves.Count + result.Notes.Count + result.Skipped.Count > 0 || result.Definition is not null)
        {
            RenderRest(html, result);
        }
        html.Raw("</tbody>");
    }

    private static void RenderRest(HtmlBuilder html, Result result)
    {
        string[] parts =
        [
            .. result.Meaning is not null ? ["what it means"] : Array.Empty<string>(),
            .. result.Definition is not null ? ["definition"] : Array.Empty<string>(),
            .. result.Details.Count > 0 ? ["details"] : Array.Empty<string>(),
            .. result.Moves.Count > 0 ? ["what moves it"] : Array.Empty<string>(),
            .. result.Notes.Count > 0 ? ["notes"] : Array.Empty<string>(),
            .. result.Skipped.Count > 0 ? [$"{result.Skipped.Count} skipped"] : Array.Empty<string>(),
        ];
        html.Raw("<tr class=\"rest\"><td colspan=\"4\"><details><summary>").Text(string.Join(" · ", parts)).Raw("</summary><div>");
        if (result.Meaning is { } meaning)
        {
            html.Element("p", meaning);
        }

        if (result.Definition is { } definition)
        {
            html.Raw("<div class=\"definition\">").Raw(definition.ToHtmlBlock()).Raw("</div>");
        }

        if (result.Details.Count > 0)
        {
            FactList.Render(html, "statistics", result.Details);
        }
        if (result.Moves.Count > 0)
        {
            html.Raw("<p>What raises and lowers it:</p><ul>");
            foreach (var claim in result.Moves)
            {
                html.Element("li", claim);
            }
            html.Raw("</ul>");
        }
        foreach (var note in result.Notes)
        {
            html.Element("p", note);
        }
        if (result.Skipped.Count > 0)
        {
            html.Raw("<p>Skipped:</p>");
            FactList.Render(html, "facts", result.Skipped);
        }
        html.Raw("</div></details></td></tr>");
    }
}
