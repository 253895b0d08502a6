using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>Two networks side by side, for a person at a terminal.</summary>
internal static class ComparisonTable
{
    // The width in which a verdict can be read, over several lines.
    private const int LeastVerdict = 14;

    /// <summary>Prints the networks, the data, the values, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, Comparison comparison, IReadOnlyList<Condition.Decision> decisions)
    {
        var (a, b) = (comparison.A, comparison.B);
        console.WriteLine();
        Terminal.Facts(console, ("A", MeasureTable.Describe(a)), ("B", MeasureTable.Describe(b)), ("data", a.Data.Description));
        console.Write(Values(console, comparison));
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

    private static Table Values(IAnsiConsole console, Comparison comparison)
    {
        ComparisonRow[] rows = [.. ComparisonRow.Of(comparison)];
        var table = Terminal.Table("Quantity", "A", "B", "B − A", "B / A", "");
        var columns = new Func<ComparisonRow, string>[] { row => row.A, row => row.B, row => row.Difference, row => row.Ratio }
            .Select(column => NumberText.Aligned([.. rows.Select(column)])).ToArray();
        if (rows.Length == 0)
        {
            return table;
        }

        string[] names = [.. rows.Select(row => row.IsDetail ? $"  {row.Name}" : row.Name)];
        Terminal.FitFirst(console, table, names, columns, Math.Min(LeastVerdict, rows.Max(row => row.Verdict.Length)));
        for (var i = 0; i < rows.Length; i++)
        {
            var style = rows[i].IsDetail ? Terminal.Dim : Terminal.Strong;
            table.AddRow([
                Terminal.Text(names[i], style),
                .. columns.Select(column => Terminal.Text(column[i], style)),
                Terminal.Text(
                    rows[i].Verdict, rows[i].Verdict.StartsWith("within", StringComparison.Ordinal) ? Terminal.Dim : Terminal.Warning)]);
        }

        return table;
    }

    private static IEnumerable<string> Both(MeasuredNetwork a, MeasuredNetwork b, Func<MeasuredNetwork, IEnumerable<string>> lines)
    {
        string[] ofA = [.. lines(a)];
        string[] ofB = [.. lines(b)];
        return [.. ofA.Intersect(ofB), .. ofA.Except(ofB).Select(line => $"A: {line}"), .. ofB.Except(ofA).Select(line => $"B: {line}")];
    }
}
