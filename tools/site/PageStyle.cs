using System.Text.RegularExpressions;
using Occam.Lab.Reports;

namespace Occam.Site;

/// <summary>The script and style of Occam's own pages, made fit to stand within a page of the site.</summary>
internal static partial class PageStyle
{
    /// <summary>Writes both into the folder of the site's template.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "occam.js"), PageAssets.Script);
        File.WriteAllText(Path.Combine(folder, "occam.css"), Within(PageAssets.Style));
    }

    // Nested rules hold below .occam alone. A page of Occam's is dark where the reader's system is; the site is where its switch says so.
    private static string Within(string style)
    {
        if (Dark().Count(style) != 1 || !Light().IsMatch(style))
        {
            throw new InvalidOperationException("the style of Occam's pages doesn't begin with its colours, light and then dark");
        }

        return $".occam{{{Light().Replace(Dark().Replace(style, "[data-bs-theme=dark] &{&{"), "&{")}}}\n";
    }

    [GeneratedRegex(@"@media screen and \(prefers-color-scheme: ?dark\) ?\{\s*:root ?\{")]
    private static partial Regex Dark();

    [GeneratedRegex(@":root ?\{")]
    private static partial Regex Light();
}
