using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>Two networks side by side, for a person at a terminal.</summary>
internal static class ComparisonTable
{
    /// <summary>Prints the networks, the data, the values, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, Comparison comparison, IReadOnlyList<Condition.Decision> decisions)
    {
        var (a, b) = (comparison.A, comparison.B);
        console.WriteLine();
        Terminal.Facts(console, ("A", MeasureTable.Describe(a)), ("B", MeasureTable.Describe(b)), ("data", a.Data.Description));
        PrintValues(console, comparison);
        console.WriteLine();
        Terminal.Remarks(console, "In short", ComparisonSummary.Of(comparison));
        Terminal.Remarks(console, "Conditions", decisions.Select(Describe));
        Terminal.Remarks(console, "Done", Both(a, b, measured => measured.Done));
        Terminal.Remarks(console, "Left out", [
            .. Both(a, b, measured => measured.LeftUnfolded.Select(MeasureTable.Line)),
            .. comparison.Measures
                .Where(measure => measure.NotApplicable is not null)
                .Select(measure => $"{measure.A.Name}: {measure.NotApplicable}"),
            .. Both(a, b, measured => measured.Results.SelectMany(
                result => result.Skipped.Select(skipped => $"{result.Name}: {MeasureTable.Line(skipped)}")))]);
        Terminal.Remarks(console, "Notes", [
            .. comparison.Measures.Any(measure => measure is { NotApplicable: null, Basis: ErrorBasis.Paired or ErrorBasis.Resampled })
                ? ["± beside a difference is its standard error: of the differences example by example where the value is a mean "
                    + "over examples, by drawing the examples again where it is a percentile of them"] : Array.Empty<string>(),
            .. Both(a, b, measured => measured.Results.SelectMany(result => result.Notes.Select(note => $"{result.Name}: {note}")))]);
    }

    /// <summary>A condition and what became of it, in a line.</summary>
    public static string Describe(Condition.Decision decision) =>
        $"{decision.Condition.Text}: {(decision.Holds ? "holds" : "does not hold")} ({NumberText.Plain(decision.Value)} against "
            + $"{NumberText.Plain(decision.Bound)})";

    private static void PrintValues(IAnsiConsole console, Comparison comparison)
    {
        ComparisonRow[] rows = [.. ComparisonRow.Of(comparison)];
        var columns = new Func<ComparisonRow, string>[] { row => row.A, row => row.B, row => row.Difference, row => row.Ratio }
            .Select(column => NumberText.Aligned([.. rows.Select(column)])).ToArray();
        var table = new FittedTable(
            ("Quantity", 0, false), ("A", 0, true), ("B", 0, true), ("B − A", 1, true), ("B / A", 2, true), ("", 0, false));
        foreach (var (i, row) in rows.Index())
        {
            var style = row.IsDetail ? Terminal.Dim : Terminal.Strong;
            table.AddRow(
            [
                (row.IsDetail ? $"  {row.Name}" : row.Name, style),
                .. columns.Select(column => (column[i], (Style?)style)),
                (row.Verdict, row.Verdict.StartsWith("within", StringComparison.Ordinal) ? Terminal.Dim : Terminal.Warning),
            ]);
        }

        table.Print(console);
    }

    private static IEnumerable<string> Both(MeasuredNetwork a, MeasuredNetwork b, Func<MeasuredNetwork, IEnumerable<string>> lines)
    {
        string[] ofA = [.. lines(a)];
        string[] ofB = [.. lines(b)];
        return [.. ofA.Intersect(ofB), .. ofA.Except(ofB).Select(line => $"A: {line}"), .. ofB.Except(ofA).Select(line => $"B: {line}")];
    }
}
