using System.Text;
using Occam.Cli.Running;
using Occam.Lab.Measuring;

namespace Occam.Cli.Output;

/// <summary>Two networks side by side in GitHub's Markdown: the summary of a check on a pull request.</summary>
internal static class ComparisonMarkdown
{
    private const string Special = "\\`*_{}[]<>|#~&!";

    /// <summary>Writes it to a file, whole or not at all, or to the results.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public static void Write(
        string destination, Session session, Comparison comparison, IReadOnlyList<Condition.Decision> decisions)
    {
        var text = Text(comparison, decisions);
        if (destination == JsonOutput.StandardOutput)
        {
            session.Output.Write(text);
            return;
        }

        AtomicFile.Write(destination, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        session.Note($"wrote {destination}");
    }

    private static string Text(Comparison comparison, IReadOnlyList<Condition.Decision> decisions)
    {
        var text = new StringBuilder();
        var held = decisions.Count(decision => decision.Holds);
        text.Append("### Occam: ").Append(
            decisions.Count == 0 ? "two networks compared"
            : decisions is [var only] ? only.Holds ? "failed, the condition holds" : "passed, the condition does not hold"
            : held == 0 ? $"passed, none of {decisions.Count} conditions holds"
            : $"failed, {held} of {decisions.Count} conditions {Counted.Noun(held, "holds", "hold")}").Append("\n\n");
        foreach (var decision in decisions)
        {
            text.Append(decision.Holds ? "- ❌ " : "- ✅ ").Append(Escaped(ComparisonTable.Describe(decision))).Append('\n');
        }

        var summary = ComparisonSummary.Of(comparison);
        text.Append(decisions.Count == 0 ? "" : "\n")
            .Append(summary.IsEmpty ? "" : $"{Escaped(string.Join(' ', summary))}\n\n")
            .Append($"- A: {Escaped(MeasureTable.Describe(comparison.A))}\n- B: {Escaped(MeasureTable.Describe(comparison.B))}\n")
            .Append($"- data: {Escaped(comparison.A.Data.Description)}\n\n")
            .Append("| Quantity | A | B | B − A | B / A | |\n|---|--:|--:|--:|--:|---|\n");
        foreach (var row in ComparisonRow.Of(comparison))
        {
            var name = row.IsDetail ? $"&emsp;{Escaped(row.Name)}" : $"**{Escaped(row.Name)}**";
            string[] cells = [row.A, row.B, row.Difference, row.Ratio, row.Verdict];
            text.Append($"| {name} | {string.Join(" | ", cells.Select(Escaped))} |\n");
        }

        foreach (var measure in comparison.Measures.Where(measure => measure.NotApplicable is not null))
        {
            text.Append($"\n{Escaped(measure.A.Name)}: not applicable, {Escaped(measure.NotApplicable!)}\n");
        }

        return text.ToString();
    }

    // File names and messages are others' words: nothing in them is markup.
    private static string Escaped(string words)
    {
        var text = new StringBuilder();
        foreach (var letter in PrintableText.Escaped(words))
        {
            _ = Special.Contains(letter) ? text.Append('\\').Append(letter) : text.Append(letter);
        }

        return text.ToString();
    }
}
