using System.Net;
using System.Text.RegularExpressions;

namespace Occam.Site.Pages;

/// <summary>Text as Markdown takes it literally.</summary>
internal static partial class MarkdownText
{
    /// <summary>Text of a paragraph or of a cell of a table.</summary>
    public static string Plain(string text) => Special().Replace(WebUtility.HtmlEncode(text.ReplaceLineEndings(" ")), "\\$0");

    /// <summary>Text in the font of code.</summary>
    public static string Code(string text) => $"<code>{WebUtility.HtmlEncode(text).Replace("|", "&#124;")}</code>";

    [GeneratedRegex(@"[\\`*_{}\[\]|~$^]")]
    private static partial Regex Special();
}
