using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.PaperItems.Results;

/// <summary>All that the papers say, where Occam answers it and how it stands; and the index of all figures.</summary>
internal static class PaperItemsPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="items">The items to show.</param>
    /// <param name="figures">The last runs of the figures.</param>
    /// <param name="folder">The folder that the page is written to: pages of figures are linked from there.</param>
    /// <param name="command">The command, as typed.</param>
    public static Page Of(ImmutableArray<PaperItem> items, RecordedFigures figures, string folder, string command)
    {
        var shown = items.ToHashSet();
        (Paper Paper, ImmutableArray<ItemStanding> Items)[] papers =
        [
            .. from paper in PaperCatalogue.Papers
               let its = paper.Items.Where(shown.Contains).Select(item => ItemStanding.Of(item, figures)).ToImmutableArray()
               where !its.IsEmpty
               select (paper, its),
        ];
        var pages = figures.Pages.ToImmutableSortedDictionary(
            page => page.Key, page => Address(Path.GetRelativePath(folder, page.Value)), StringComparer.Ordinal);
        return new Page(
            "What the papers say, and where Occam answers it",
            $"{items.Length} definitions, equations, theorems, panels, claims and settings, in the papers’ order; and the "
                + $"{ExperimentCatalogue.All.Count} figures that judge the claims.",
            [
                new Section(
                    "In numbers",
                    Numbers(papers),
                    Meanings(),
                    new Prose(RichText.Html($"The <a href=\"#{FigureIndex.Name}\">figures</a> stand at the end."))),
                .. papers.Select(paper => new Section(
                    RichText.Html($"{paper.Paper.Citation}: <cite>{paper.Paper.Title}</cite>"), new ItemList(paper.Items))),
                new Section(RichText.Html($"<span id=\"{FigureIndex.Name}\">The figures</span>"), new FigureIndex(figures, pages)),
            ])
        {
            Command = command,
            Kicker = "Occam papers",
        };
    }

    private static Table Numbers(IReadOnlyList<(Paper Paper, ImmutableArray<ItemStanding> Items)> papers)
    {
        ImmutableArray<ItemStanding>[] columns = [.. papers.Select(paper => paper.Items)];
        if (papers.Count > 1)
        {
            columns = [.. columns, [.. papers.SelectMany(paper => paper.Items)]];
        }

        RichText[] Row(string name, Func<ItemStanding, bool> isCounted) =>
            [name, .. columns.Select(items => (RichText)(long)items.Count(isCounted))];
        return new Table(
            [
                "",
                .. papers.Select(paper => RichText.Html($"<a href=\"#{paper.Items[0].Item.Id}\">{paper.Paper.Citation}</a>")),
                .. papers.Count > 1 ? ["all"] : Array.Empty<RichText>(),
            ],
            [
                Row("items", _ => true),
                .. PaperItemKinds.All.Select(kind => Row(kind.Words, standing => standing.Item.Kind == kind.Kind)),
                .. Enum.GetValues<Verdict>().Select(verdict =>
                    Row($"judged: {ItemStanding.WordsOf(verdict)}", standing => standing.Verdict == verdict)),
                Row($"judged: {ItemStanding.NotRun}", standing => standing.Words == ItemStanding.NotRun),
            ]);
    }

    private static Table Meanings() =>
        Table.Of(PaperItemKinds.All, ("An item is", kind => kind.Words), ("where", kind => PaperItemKinds.Meaning(kind.Kind)));

    private static string Address(string path) => string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
}
