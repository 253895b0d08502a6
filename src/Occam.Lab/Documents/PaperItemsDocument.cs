using System.Text.Json.Serialization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.PaperItems;
using Occam.Lab.Reports;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam papers --json</c> writes: all that the papers say, and where Occam answers it.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Papers">The papers.</param>
/// <param name="Items">The items asked for, in the papers' order.</param>
public sealed record PaperItemsDocument(
    string Occam, IReadOnlyList<PaperItemsDocument.PaperEntry> Papers, IReadOnlyList<PaperItemsDocument.ItemEntry> Items)
{
    /// <summary>The document of items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="verdicts">The verdicts on the claims that an item is judged by.</param>
    public static PaperItemsDocument Of(IEnumerable<PaperItem> items, Func<PaperItem, IEnumerable<VerdictEntry>> verdicts) => new(
        RunEnvironment.Version,
        [.. PaperCatalogue.Papers.Select(paper => new PaperEntry(paper.Id, paper.Title, paper.Authors, paper.Items.Length))],
        [.. items.Select(item => ItemEntry.Of(item, [.. verdicts(item)]))]);

    /// <summary>A paper.</summary>
    /// <param name="Id">Its short name, which the ids of its items begin with.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="Authors">Authors and year.</param>
    /// <param name="Items">How many items it has.</param>
    public sealed record PaperEntry(string Id, string Title, string Authors, int Items);

    /// <summary>Something that a paper says.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Place">Where it stands in the paper.</param>
    /// <param name="What">What it says.</param>
    /// <param name="Kind">How Occam answers it.</param>
    /// <param name="Where">Where Occam answers it, as kind:name.</param>
    /// <param name="Note">What has to be known of the answer; absent where nothing has.</param>
    /// <param name="TextOnly">Why there is nothing to compute; absent where there is.</param>
    /// <param name="Missing">What Occam doesn't answer yet; absent where nothing is missing.</param>
    /// <param name="Verdicts">The verdicts on the claims that it is judged by.</param>
    public sealed record ItemEntry(
        string Id,
        string Place,
        string What,
        PaperItemKind Kind,
        IReadOnlyList<string> Where,
        [property: JsonIgnore(Condition = WhenWritingNull)] string? Note,
        [property: JsonIgnore(Condition = WhenWritingNull)] string? TextOnly,
        [property: JsonIgnore(Condition = WhenWritingNull)] string? Missing,
        IReadOnlyList<VerdictEntry> Verdicts)
    {
        internal static ItemEntry Of(PaperItem item, IReadOnlyList<VerdictEntry> verdicts) => new(
            item.Id, item.Place, item.What, item.Kind, [.. item.References.Select(reference => reference.ToString())], item.Note,
            item.TextOnly, item.Missing, verdicts);
    }

    /// <summary>A claim that an item is judged by, and the verdict on it at the last judged run of its figure.</summary>
    /// <param name="Claim">The claim, as figure/claim.</param>
    /// <param name="Verdict">The verdict; null where no run judged it.</param>
    /// <param name="Reason">What the verdict rests on; null where there is none.</param>
    /// <param name="Scale">How large the run was; null where there is none.</param>
    /// <param name="Written">When the run ended; null where there is none.</param>
    /// <param name="From">The folder of the run, or docs/results for one that is recorded in Occam; null where there is none.</param>
    public sealed record VerdictEntry(
        string Claim, Verdict? Verdict, string? Reason, ExperimentScale? Scale, DateTimeOffset? Written, string? From);
}
