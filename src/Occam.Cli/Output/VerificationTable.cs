using System.Collections.Immutable;
using Occam.Lab.Text;
using Occam.Theory;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The theorems and what became of them, for a person at a terminal.</summary>
internal static class VerificationTable
{
    /// <summary>Prints the theorems that there are.</summary>
    public static void Print(IAnsiConsole console, ImmutableArray<Theorem> theorems)
    {
        var table = Terminal.Table("Theorem", "Statement", "Source");
        foreach (var theorem in theorems)
        {
            table.AddRow(
                Terminal.Text(theorem.Id, Terminal.Strong), Terminal.Text(theorem.Statement), Terminal.Text(theorem.Source, Terminal.Dim));
        }

        console.Write(table);
        console.WriteLine();
    }

    /// <summary>Prints each inequality's two sides, slack and verdict, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, Verification verification)
    {
        console.WriteLine();
        Terminal.Facts(console, ("network", verification.Path), ("data", verification.Context.Data.Description));
        var table = Terminal.Table("Inequality", "Left", "Right", "Slack", "Verdict");
        for (var column = 0; column < table.Columns.Count; column++)
        {
            table.Columns[column].NoWrap = column > 0;
        }

        foreach (var result in verification.Results)
        {
            AddRows(table, result);
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "Why", verification.Results.SelectMany(Reasons));
        Terminal.Remarks(console, "Hypotheses", verification.Results.SelectMany(result => result.Hypotheses.Select(Line)));
        Terminal.Remarks(console, "Details", verification.Results.Where(result => result.Details.Length > 0).Select(Details));
        Terminal.Remarks(console, "Notes", verification.Results.SelectMany(result => result.Notes.Select(note => $"{result.Id}: {note}")));
    }

    /// <summary>A verdict in words.</summary>
    public static string Words(InequalityVerdict verdict) => verdict switch
    {
        InequalityVerdict.Holds => "holds",
        InequalityVerdict.Fails => "fails",
        InequalityVerdict.Vacuous => "vacuous",
        _ => "not applicable",
    };

    private static void AddRows(Table table, TheoremResult result)
    {
        table.AddRow(Terminal.Text(result.Id, Terminal.Strong), Empty, Empty, Empty, result.NotApplicable is null
            ? Empty
            : Text(InequalityVerdict.NotApplicable));
        foreach (var inequality in result.Inequalities)
        {
            var applicable = inequality.Verdict != InequalityVerdict.NotApplicable;
            table.AddRow(
                Terminal.Text($"  {inequality.Name}"),
                Terminal.Text(applicable ? NumberText.Plain(inequality.Left) : ""),
                Terminal.Text(applicable ? NumberText.Plain(inequality.Right) : ""),
                Terminal.Text(applicable ? NumberText.Plain(inequality.Slack) : "", Terminal.Dim),
                inequality switch
                {
                    { IsProved: false } => new Text($"{Words(inequality.Verdict)} (unproved)", Terminal.Dim),
                    { IsByArithmetic: true, Verdict: InequalityVerdict.Holds } => new Text("holds (by arithmetic)", Terminal.Dim),
                    _ => Text(inequality.Verdict),
                });
        }
    }

    private static Text Empty => new("");

    private static Text Text(InequalityVerdict verdict) => new(Words(verdict), verdict switch
    {
        InequalityVerdict.Holds => Terminal.Good,
        InequalityVerdict.Fails => Terminal.Bad,
        InequalityVerdict.Vacuous => Terminal.Warning,
        _ => Terminal.Dim,
    });

    private static IEnumerable<string> Reasons(TheoremResult result) =>
    [
        .. result.NotApplicable is { } why ? new[] { $"{result.Id}: {why}" } : [],
        .. result.Inequalities
            .Where(inequality => inequality.Why is not null)
            .Select(inequality => $"{result.Id}, {inequality.Name}: {inequality.Why}"),
    ];

    private static string Line(Hypothesis hypothesis) =>
        $"{hypothesis.Name}: {(hypothesis.Holds switch { true => "yes", false => "no", null => "undecided" })}, {hypothesis.Finding}";

    private static string Details(TheoremResult result) =>
        $"{result.Id}: "
            + $"{string.Join("; ", result.Details.Select(detail => $"{NumberText.Words(detail.Key)} {NumberText.Plain(detail.Value)}"))}";
}
