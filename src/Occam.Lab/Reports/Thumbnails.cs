namespace Occam.Lab.Reports;

/// <summary>Small images in rows, each with its caption; pixels stay sharp.</summary>
public sealed record Thumbnails(RichText Title, params IReadOnlyList<Thumbnail> Images) : Block
{
    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<figure class=\"thumbnails\">").Element("h3", Title).Raw("<ul>");
        foreach (var (picture, caption) in Images)
        {
            html.Raw($"<li><img src=\"{picture.ToDataUri()}\" width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"\">")
                .Element("span", caption)
                .Raw("</li>");
        }
        html.Raw("</ul></figure>");
    }
}
