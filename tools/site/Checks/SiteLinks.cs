using System.Net;
using System.Text.RegularExpressions;

namespace Occam.Site.Checks;

/// <summary>The links of a built site, among its own pages.</summary>
internal static partial class SiteLinks
{
    /// <summary>
    /// Those that lead to no file, or to no place within it, and what a page can't be shown without that comes from elsewhere; a line each.
    /// </summary>
    /// <param name="folder">The site.</param>
    public static IEnumerable<string> Dead(string folder)
    {
        var root = Path.GetFullPath(folder);
        var pages = Directory.EnumerateFiles(root, "*.html", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .ToDictionary(file => file, Page.Read);
        foreach (var (file, page) in pages)
        {
            foreach (var address in page.Foreign.Distinct())
            {
                yield return $"{Path.GetRelativePath(root, file)}: {address} is asked of another machine, which may not be there";
            }

            foreach (var link in page.Links.Distinct())
            {
                if (WhyDead(root, file, link, pages) is { } why)
                {
                    yield return $"{Path.GetRelativePath(root, file)}: {link} {why}";
                }
            }
        }
    }

    private static string? WhyDead(string root, string from, string link, Dictionary<string, Page> pages)
    {
        var (address, anchor) = link.Split('#', 2) is [var before, var after] ? (before, Uri.UnescapeDataString(after)) : (link, "");
        var path = Uri.UnescapeDataString(address.Split('?')[0]);
        var target = path.Length == 0 ? from : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from)!, path));
        if (!target.StartsWith(root, StringComparison.Ordinal))
        {
            return "leads out of the site";
        }

        target = Directory.Exists(target) ? Path.Combine(target, "index.html") : target;
        return !File.Exists(target) ? "is not there"
            : anchor.Length > 0 && pages.TryGetValue(target, out var page) && !page.Places.Contains(anchor) ? "names no place on that page"
            : null;
    }

    private sealed record Page(string[] Links, HashSet<string> Places, string[] Foreign)
    {
        public static Page Read(string file)
        {
            var whole = File.ReadAllText(file);
            var text = Script().Replace(whole, "");
            return new Page(
                [
                    .. Link().Matches(text).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))
                        .Where(link => link.Length > 0 && !Scheme().IsMatch(link)),
                ],
                [.. Place().Matches(text).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))],
                [.. Loaded().Matches(whole).Select(match => match.Groups[1].Value)]);
        }
    }

    // Scripts, styles and pictures, unlike links that a reader may follow.
    [GeneratedRegex("<(?:script|link|img|iframe)\\b[^>]*(?:src|href)=\"((?:[a-z]+:)?//[^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Loaded();

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("(?:id|name)=\"([^\"]*)\"")]
    private static partial Regex Place();

    [GeneratedRegex("^(?:[a-z]+:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}
