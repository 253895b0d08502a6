using Occam.Lab.Explaining;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What an explanation comes to, for a person at a terminal; the page has the rest.</summary>
internal static class ExplanationTable
{
    /// <summary>Prints the findings, the mechanisms, and what can't be told.</summary>
    public static void Print(IAnsiConsole console, Explanation explanation)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            ("run", explanation.Run.FolderPath),
            ("data", explanation.Place?.Data ?? "can't be had"));
        console.WriteLine();
        Terminal.Remarks(console, "In short", Findings.Of(explanation));
        if (explanation.Mechanisms is { } mechanisms)
        {
            var table = Terminal.Table("Mechanism", "Pull", "Share", "Change of complexity a step");
            foreach (var pull in mechanisms.Pulls)
            {
                table.AddRow(
                    Terminal.Text(pull.Name, Terminal.Strong),
                    Terminal.Text(Numbers.Format(pull.Norm)),
                    Terminal.Text($"{NumberText.Plain(Math.Round(1000 * mechanisms.ShareOf(pull)) / 10)} %"),
                    Terminal.Text(Numbers.Format(pull.Effect)));
            }

            console.Write(table);
            console.WriteLine();
            Terminal.Remarks(console, "Of these numbers", mechanisms.Notes);
        }

        Terminal.Remarks(console, "What can't be told", explanation.OpenQuestions.Select(question => $"{question.What}: {question.Why}"));
    }
}
