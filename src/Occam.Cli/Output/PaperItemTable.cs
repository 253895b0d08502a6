using Occam.Lab.Experiments.Contract;
using Occam.Lab.PaperItems;
using Occam.Lab.PaperItems.Results;
using Occam.Lab.Reports;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What the papers say and where Occam answers it, for a person at a terminal.</summary>
internal static class PaperItemTable
{
    /// <summary>Prints items, one a row, and how many there are of each kind.</summary>
    public static void Print(IAnsiConsole console, IReadOnlyList<ItemStanding> items)
    {
        var table = new FittedTable(
            ("Item", 0, false), ("Place", 1, false), ("What", 0, false), ("Where", 2, false), ("Answer", 0, false));
        foreach (var standing in items)
        {
            var item = standing.Item;
            table.AddRow(
                (item.Id, Terminal.Strong),
                (item.Place, Terminal.Dim),
                (item.What, null),
                (string.Join("\n", item.References), Terminal.Dim),
                Answer(standing));
        }

        table.Print(console);
        console.WriteLine();
        Terminal.Remarks(console, "In numbers", Numbers(items));
    }

    /// <summary>Prints all about one.</summary>
    public static void Print(IAnsiConsole console, ItemStanding standing)
    {
        var item = standing.Item;
        var paper = PaperCatalogue.Papers.First(paper => paper.Items.Contains(item));
        console.WriteLine();
        (string Name, string? Value)[] facts =
        [
            ("id", item.Id),
            ("paper", $"{paper.Authors}: {paper.Title}"),
            ("place", item.Place),
            ("what", item.What),
            ("kind", $"{PaperItemKinds.Words(item.Kind)}: {PaperItemKinds.Meaning(item.Kind).TrimEnd('.')}"),
            ("where", item.References.IsEmpty ? null : string.Join("\n", item.References)),
            ("note", item.Note),
            ("why", item.TextOnly),
            ("missing", item.Missing),
        ];
        Terminal.Facts(console, [.. facts.Where(fact => fact.Value is not null).Select(fact => (fact.Name, fact.Value!))]);
        console.WriteLine();
        Terminal.Remarks(console, "Verdicts", standing.Claims.Select(Line));
    }

    private static string Line(Standing claim) => claim is { Entry: { } entry, Run: { } run }
        ? $"{claim.Claim}: {ItemStanding.WordsOf(entry)}. {entry.Claim} {entry.Reason} "
            + $"({run.Document.Scale.Name()} scale, {run.Document.Written:yyyy-MM-dd}, {run.From})"
        : $"{claim.Claim}: {ItemStanding.NotRun}; occam reproduce {claim.Claim.Split('/')[0]}";

    private static (string Text, Style? Style) Answer(ItemStanding standing) => standing.Item.Kind switch
    {
        PaperItemKind.Judged => (standing.Words, standing.Verdict switch
        {
            Verdict.Reproduced => Terminal.Good,
            Verdict.NotReproduced => Terminal.Bad,
            Verdict.Undecided => Terminal.Warning,
            _ => Terminal.Dim,
        }),
        PaperItemKind.Missing => (PaperItemKinds.Words(PaperItemKind.Missing), Terminal.Bad),
        var kind => (PaperItemKinds.Words(kind), Terminal.Dim),
    };

    private static IEnumerable<string> Numbers(IReadOnlyList<ItemStanding> items)
    {
        yield return string.Join(", ",
        [
            $"{items.Count} items",
            .. PaperItemKinds.All
                .Select(kind => (kind.Words, Count: items.Count(standing => standing.Item.Kind == kind.Kind)))
                .Where(kind => kind.Count > 0)
                .Select(kind => $"{kind.Count} {kind.Words}"),
        ]);
        foreach (var verdict in items
            .Where(standing => standing.Item.Kind == PaperItemKind.Judged)
            .GroupBy(standing => standing.Verdict is { } verdict ? ItemStanding.WordsOf(verdict) : ItemStanding.NotRun)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return $"{verdict.Key}: {verdict.Count()} of those judged";
        }
    }
}
