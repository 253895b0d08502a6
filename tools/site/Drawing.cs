using Occam.Lab.Reports;

namespace Occam.Site;

/// <summary>Blocks of Occam's own pages within a page of the site: the same charts, drawn by the same script.</summary>
internal static class Drawing
{
    /// <summary>The blocks as one piece of Markdown, which takes no empty line for its end.</summary>
    public static string Of(params IEnumerable<Block> blocks) => Of(new HtmlBuilder().Blocks(blocks).ToString());

    /// <summary>Markup of Occam's own pages as one piece of Markdown.</summary>
    public static string Of(string markup) =>
        $"<div class=\"occam\">{string.Concat(markup.Split('\n').Select(line => line.Trim()))}</div>";
}
