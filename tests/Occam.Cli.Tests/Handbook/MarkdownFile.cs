using System.Text.RegularExpressions;
using Occam.Lab.Tests;

namespace Occam.Cli.Tests.Handbook;

/// <summary>A page of the repository: its links, its headings' anchors, its blocks of code.</summary>
/// <param name="Name">Its path from the repository's root.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record MarkdownFile(string Name, string Text)
{
    private static readonly string[] s_folders = ["", "docs", "docs/results", "docs/site", "samples"];

    /// <summary>All pages that people read.</summary>
    public static MarkdownFile[] All { get; } =
    [
        .. from folder in s_folders
           from file in Directory.EnumerateFiles(
               Path.Combine(Repository.Root, folder), "*.md",
               folder == "docs/site" ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
           select new MarkdownFile(Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file)),
    ];

    /// <summary>Its links to other files and to places, without the addresses of the web.</summary>
    public IEnumerable<string> Links => Link().Matches(Fence().Replace(Text, "")).Select(match => match.Groups[1].Value);

    /// <summary>The anchors of its headings.</summary>
    public HashSet<string> Anchors =>
    [
        .. from match in Heading().Matches(Fence().Replace(Text, ""))
           select Dropped().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'),
    ];

    /// <summary>Its blocks of code in a language, each with the line that it begins on.</summary>
    public IEnumerable<(int Line, string Code)> Blocks(string language) =>
        from match in Fence().Matches(Text)
        where match.Groups["language"].Value == language
        let indent = match.Groups["indent"].Length
        select (
            Text[..match.Index].Count(letter => letter == '\n') + 2,
            string.Join('\n', match.Groups["code"].Value.Split('\n').Select(line => line.Length > indent ? line[indent..] : line.Trim())));

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    // What GitHub and docfx leave out of an anchor.
    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();

    [GeneratedRegex(@"^(?<indent> *)```(?<language>\w*)\n(?<code>.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
