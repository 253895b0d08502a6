using System.Text.RegularExpressions;
using Occam.Formulas;
using Occam.Lab.PaperItems.Results;
using Occam.Site.Pages;
using Occam.Site.Pictures;

namespace Occam.Site;

/// <summary>
/// What docfx makes the site of: the pages in docs/site with their pictures drawn, the handbook as it stands in the repository, and pages
/// that are written from what Occam knows of itself. All of it keeps its place, so that links hold.
/// </summary>
internal static partial class SiteSource
{
    // What the pages link to beside each other.
    private static readonly string[] s_handbook =
    [
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".editorconfig", "action.yml", "docs/*.md", "docs/*.json",
        "docs/results/*.md", "samples/*", "python/*.py", "tools/action.sh",
    ];

    /// <summary>Writes it.</summary>
    /// <param name="repository">The repository's folder.</param>
    /// <param name="folder">Where to; what was written there before is removed.</param>
    /// <param name="runs">A folder of reproduced figures, whose charts the gallery shows; none where null or not there.</param>
    public static void Write(string repository, string folder, string? runs)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var own = Path.Combine(repository, "docs", "site");
        Copy(own, ["*"], folder, SearchOption.AllDirectories);
        File.Copy(Path.Combine(repository, "docs", "icon.png"), Path.Combine(folder, "icon.png"));
        foreach (var pattern in s_handbook)
        {
            var place = Path.GetDirectoryName(pattern)!;
            Copy(Path.Combine(repository, place), [Path.GetFileName(pattern)], Path.Combine(folder, place), SearchOption.TopDirectoryOnly);
        }

        foreach (var file in Directory.EnumerateFiles(own, "*.md", SearchOption.AllDirectories))
        {
            var place = Path.GetRelativePath(own, file);
            var text = Picture().Replace(File.ReadAllText(file), match => Drawing.Of(PictureCatalogue.Draw(match.Groups[1].Value)));
            text = Equation().Replace(
                text, match => $"<div class=\"formula\">{Formula.Parse(match.Groups[1].Value).ToMathMl(isDisplayed: true)}</div>");
            File.WriteAllText(Path.Combine(folder, place), Link().Replace(text, match => Moved(match.Groups[1].Value, place)));
        }

        var figures = RecordedFigures.InOccam;
        var texts = TextPages.All(repository).ToArray();
        IEnumerable<(string Path, string Text)> written =
        [
            .. MeasurePages.All(File.ReadAllText(Path.Combine(repository, "docs", "measures.md"))),
            .. CommandPages.All(),
            .. FigurePages.All(runs is null ? figures : figures.With(runs), [.. texts.Select(page => (page.Path, page.Title))]),
            .. texts.Select(page => (page.Path, page.Text)),
        ];
        foreach (var (path, text) in written)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        PageStyle.Write(Path.Combine(folder, "template", "public"));
    }

    private static void Copy(string from, string[] patterns, string to, SearchOption depth)
    {
        foreach (var file in patterns.SelectMany(pattern => Directory.EnumerateFiles(from, pattern, depth)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    // The pages of docs/site stand at the root of the site, and all others where they stand in the repository.
    private static string Moved(string link, string place)
    {
        var root = Path.GetFullPath("/");
        var target = Path.GetFullPath(Path.Combine(root, "docs", "site", Path.GetDirectoryName(place)!, link));
        var own = Path.Combine(root, "docs", "site") + '/';
        var moved = target.StartsWith(own, StringComparison.Ordinal) ? Path.Combine(root, target[own.Length..]) : target;
        return $"]({Path.GetRelativePath(Path.Combine(root, Path.GetDirectoryName(place)!), moved)})";
    }

    // Of a link within the repository, its address.
    [GeneratedRegex(@"\]\((?![a-z]+:|#)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("<!-- formula: (.+?) -->")]
    private static partial Regex Equation();

    [GeneratedRegex("<!-- picture: ([a-z-]+) -->")]
    private static partial Regex Picture();
}
