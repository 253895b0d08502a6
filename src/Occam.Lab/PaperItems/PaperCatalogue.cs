using System.Collections.Immutable;
using Occam.Lab.Runs.Configuration;

namespace Occam.Lab.PaperItems;

/// <summary>The papers that Occam implements, and every item of them; out of the files in <c>Data</c>.</summary>
public static class PaperCatalogue
{
    private const string Prefix = "paper.";

    /// <summary>The papers, by the year and name of their files.</summary>
    public static ImmutableArray<Paper> Papers { get; } =
    [
        .. typeof(PaperCatalogue).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => Read<Paper>(name, Text(name))),
    ];

    /// <summary>What Occam has beyond the papers.</summary>
    public static BeyondPapers Beyond { get; } = Read<BeyondPapers>(BeyondPapers.Resource, Text(BeyondPapers.Resource));

    /// <summary>All items, paper after paper.</summary>
    public static ImmutableArray<PaperItem> Items { get; } = [.. Papers.SelectMany(paper => paper.Items)];

    /// <summary>The paper of an id.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public static Paper FindPaper(string id) => Papers.FirstOrDefault(paper => paper.Id == id) ?? throw new OccamException(
        $"there is no paper '{id}': expected {string.Join(", ", Papers.Select(paper => $"{paper.Id} ({paper.Citation})"))}");

    /// <summary>The item of an id.</summary>
    /// <exception cref="OccamException">There is none; the message names the nearest.</exception>
    public static PaperItem Find(string id) => Items.FirstOrDefault(item => item.Id == id) ?? throw new OccamException(
        $"there is no item '{id}'{Nearest.Hint(id, Items.Select(item => item.Id))} "
            + $"'occam papers' lists all {Items.Length}");

    /// <summary>Reads a file of <c>Data</c>.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="OccamException">It can't be read: every mistake, with its line.</exception>
    internal static T Read<T>(string name, string text)
    {
        var binder = new ConfigurationBinder();
        var read = ConfigurationReading.ReadNode(text, name, binder) is { } node ? binder.Bind(typeof(T), node) : null;
        return binder.Problems.Count == 0 && read is T known ? known : throw new OccamException(string.Join("; ", binder.Problems));
    }

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(PaperCatalogue).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
