using System.Net;

namespace Occam.Lab.Reports;

/// <summary>Every number that a page follows from, in the page itself, to be kept as a file.</summary>
/// <param name="Name">What the file is called.</param>
/// <param name="Json">What is in it.</param>
public sealed record RawData(string Name, ReadOnlyMemory<byte> Json) : Block
{
    /// <summary>How long a file may be: one that is longer makes the page slow.</summary>
    public const int MostBytes = 4 << 20;

    internal override void Render(HtmlBuilder html)
    {
        if (Json.Length > MostBytes)
        {
            html.Element("p", $"The numbers take {Json.Length >> 20} MB, too much for a page: --json FILE writes them.");
            return;
        }

        html.Raw($"<ul class=\"files\"><li><a download=\"{WebUtility.HtmlEncode(Name)}\" href=\"data:application/json;base64,")
            .Raw(Convert.ToBase64String(Json.Span)).Raw("\">").Text(Name)
            .Raw("</a> <span>every number of this page, as --json writes them</span></li></ul>");
    }
}
