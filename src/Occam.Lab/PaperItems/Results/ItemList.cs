using System.Collections.Immutable;
using Occam.Lab.Reports;

namespace Occam.Lab.PaperItems.Results;

/// <summary>The items of a paper: where each stands, what it says, where Occam answers it, and how it stands.</summary>
/// <param name="Items">The items.</param>
internal sealed record ItemList(ImmutableArray<ItemStanding> Items) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<ol class=\"items\">");
        foreach (var standing in Items)
        {
            Render(html, standing);
        }

        html.Raw("</ol>");
    }

    private static void Render(HtmlBuilder html, ItemStanding standing)
    {
        var item = standing.Item;
        html.Raw($"<li id=\"{item.Id}\">").Element("p", item.Place, "class=\"place\"")
            .Raw("<div>").Element("p", RichText.WithScripts(item.What));
        if ((item.Note ?? item.TextOnly ?? item.Missing) is { } remark)
        {
            html.Element("p", RichText.WithScripts(remark), "class=\"remark\"");
        }

        if (!item.References.IsEmpty)
        {
            html.Raw("<ul class=\"references\">");
            foreach (var reference in item.References)
            {
                html.Raw("<li>").Text(Link(reference)).Raw("</li>");
            }

            html.Raw("</ul>");
        }

        html.Raw("</div>").Text(Mark(standing)).Raw("</li>");
    }

    private static RichText Link(PaperReference reference) => reference.Figure is { } figure
        ? RichText.Html($"{reference.Kind} <a href=\"#{FigureIndex.Anchor(figure)}\"><code>{reference.Name}</code></a>")
        : RichText.Html($"{reference.Kind} <code>{reference.Name}</code>");

    private static RichText Mark(ItemStanding standing) => standing.Item.Kind == PaperItemKind.Judged
        ? VerdictMark.Of(standing)
        : RichText.Html($"<p class=\"mark {Style(standing.Item.Kind)}\">{PaperItemKinds.Words(standing.Item.Kind)}</p>");

    private static string Style(PaperItemKind kind) => kind.ToString().ToLowerInvariant();
}
