using System.Globalization;
using System.Net;

namespace Occam.Lab.Reports;

/// <summary>A text whose pieces are shaded by a quantity, each with its value to be read.</summary>
/// <param name="Title">What the shade means.</param>
/// <param name="Pieces">The pieces in their order; a share from 0 (none) to 1 (the most), and the value in words.</param>
public sealed record ShadedText(RichText Title, params IReadOnlyList<(string Text, double Share, string Value)> Pieces) : Block
{
    /// <summary>What the reader sees, in a sentence or two.</summary>
    public RichText? Caption { get; init; }

    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<figure class=\"shaded\">").Element("h3", Title).Raw("<p>");
        foreach (var (text, share, value) in Pieces)
        {
            // Spaces and line ends at a piece's ends belong to the text between pieces, where lines may break.
            var body = text.Trim();
            var before = text.Length > 0 && char.IsWhiteSpace(text[0]) ? " " : "";
            var shade = Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1).ToString("0.###", CultureInfo.InvariantCulture);
            html.Raw($"{before}<span tabindex=\"0\" style=\"--share:{shade}\" title=\"{WebUtility.HtmlEncode(value)}\">")
                .Text(body.Length > 0 ? body : "␣").Raw("</span><wbr>");
        }

        html.Raw("</p>");
        if (Caption is { } caption)
        {
            html.Element("figcaption", caption);
        }

        html.Raw("</figure>");
    }
}
