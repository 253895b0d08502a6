using System.Globalization;

namespace Occam.Lab.Reports;

/// <summary>A table; a column whose cells are all numbers is aligned to the right.</summary>
public sealed record Table(IReadOnlyList<RichText> Header, IReadOnlyList<IReadOnlyList<RichText>> Rows) : Block
{
    /// <summary>A line above the table.</summary>
    public RichText? Caption { get; init; }

    /// <summary>Whether a click on a column's heading sorts by it.</summary>
    public bool IsSortable { get; init; }

    /// <summary>A row for each item, a column for each pair of a header and what to show of the item.</summary>
    public static Table Of<T>(IEnumerable<T> items, params IReadOnlyList<(RichText Header, Func<T, RichText> Value)> columns) =>
        new([.. columns.Select(column => column.Header)],
            [.. items.Select(item => (IReadOnlyList<RichText>)[.. columns.Select(column => column.Value(item))])]);

    internal override void Render(HtmlBuilder html)
    {
        // Where a number is missing the others stay aligned.
        var aligned = Header.Select((_, column) => Rows.Any(row => row[column].IsNumber)
            && Rows.All(row => row[column].IsNumber || row[column].ToString().Length == 0)).ToArray();
        html.Raw("<div class=\"table\" tabindex=\"0\">").Raw(IsSortable ? "<table class=\"sortable\">" : "<table>");
        if (Caption is { } caption)
        {
            html.Element("caption", caption);
        }
        html.Raw("<thead><tr>");
        for (var column = 0; column < Header.Count; column++)
        {
            html.Element("th", Header[column], aligned[column] ? "scope=\"col\" class=\"number\"" : "scope=\"col\"");
        }
        html.Raw("</tr></thead><tbody>");
        foreach (var row in Rows)
        {
            html.Raw("<tr>");
            for (var column = 0; column < Header.Count; column++)
            {
                var value = IsSortable && row[column].Number is { } number
                    ? string.Create(CultureInfo.InvariantCulture, $" data-value=\"{number:R}\"")
                    : "";
                html.Element("td", row[column], $"{(aligned[column] ? "class=\"number\"" : "")}{value}".Trim());
            }
            html.Raw("</tr>");
        }
        html.Raw("</tbody></table></div>");
    }
}
