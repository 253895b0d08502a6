using System.Collections.Immutable;
using Occam.Lab.Auditing;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The examples that stand out, for a person at a terminal.</summary>
internal static class AuditTable
{
    /// <summary>Prints how well the scores find wrong labels, where these are known, and the examples that stand out most.</summary>
    public static void Print(IAnsiConsole console, DataAudit audit, IReadOnlyList<AuditedExample> foremost)
    {
        var data = audit.Measured.Data;
        console.WriteLine();
        Terminal.Facts(console, ("network", audit.Measured.Loaded.Path), ("data", data.Description));
        if (audit.Mislabelled is { } wrong)
        {
            var areas = Terminal.Table("Score", "Finds the wrong labels");
            foreach (var score in audit.Scores)
            {
                areas.AddRow(
                    Terminal.Text(score.Name, Terminal.Strong),
                    Terminal.Text(score.AreaUnderCurve is { } area ? NumberText.WithError(area) : "there are none, or no others"));
            }

            console.Write(areas);
            console.WriteLine();
            Terminal.Remarks(console, "Notes",
            [
                $"{wrong.Count(one => one)} of {data.Count} labels are wrong; the area under the curve is the chance that a wrong one has "
                    + "a higher score than a right one: ½ knows nothing",
            ]);
        }

        var hasLabels = data.Labels is not null;
        string[] answers = hasLabels ? ["Label", "Taken for"] : [];
        var table = new FittedTable(
        [
            ("Example", 0, true), .. answers.Select(answer => (answer, 0, false)),
            .. audit.Scores.Select((score, i) => (score.Name, i, true)),
        ]);
        foreach (var example in foremost)
        {
            string[] own = hasLabels ? [$"{example.Label}{(example.IsMislabelled == true ? " wrong" : "")}", $"{example.TakenFor}"] : [];
            table.AddRow(
            [
                ($"{example.IndexInWhole}", Terminal.Strong), .. own.Select(text => (text, (Style?)null)),
                .. example.Scores.Select(score => (Numbers.Format(score, 3), (Style?)null)),
            ]);
        }

        table.Print(console);
        console.WriteLine();
        if (audit.Duplicates is { } pairs)
        {
            PrintDuplicates(console, audit, pairs, foremost.Count);
        }

        Terminal.Remarks(console, "Why", audit.Measured.Results.Where(result => result.NotApplicable is not null)
            .Select(result => $"{result.Name}: {result.NotApplicable}"));
    }

    private static void PrintDuplicates(IAnsiConsole console, DataAudit audit, ImmutableArray<DuplicatePair> pairs, int top)
    {
        var data = audit.Measured.Data;
        if (!pairs.IsEmpty)
        {
            var table = Terminal.Table("Example", "As", "Distance", "Labels");
            foreach (var pair in pairs.Take(top))
            {
                table.AddRow(
                    Terminal.Text($"{data.IndexInWhole(pair.First)}", Terminal.Strong), Terminal.Text($"{data.IndexInWhole(pair.Second)}"),
                    Terminal.Text(Numbers.Format(pair.Distance, 3)),
                    Terminal.Text(pair.SameAnswer switch { true => "the same", false => "differ", null => "" }));
            }

            console.Write(table);
            console.WriteLine();
        }

        Terminal.Remarks(console, "Duplicates",
        [
            $"{NumberText.Count(pairs.Length)} pairs of examples are nearly the same, "
                + $"{NumberText.Count(pairs.Count(pair => pair.Distance == 0))} of them equal; "
                + $"{NumberText.Count(pairs.Count(pair => pair.SameAnswer == false))} have different labels. Distances are in the data's "
                + "spread, the root of the mean squared distance from their mean",
        ]);
    }
}
