using System.Globalization;
using System.Text;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Text;

namespace Occam.Lab.PaperItems.Results;

/// <summary>Recorded results as Markdown.</summary>
internal static class RecordedResultsText
{
    private const int ShortCommit = 10;

    /// <summary>The text of some results.</summary>
    public static string Of(IEnumerable<ReproductionDocument> results)
    {
        ReproductionDocument[] ordered = [.. results.OrderBy(result => result.Id, StringComparer.Ordinal)];
        var text = new StringBuilder("""
            # Recorded results

            What `occam reproduce` found of the papers' claims when it was last run for the record. `occam papers` shows these verdicts, or
            those of your own runs where they are newer. Written by `occam papers --record RUN…` from the JSON files beside it, not by hand.
            Seconds are those that a figure took beside what else the machine did; processor seconds are those that its program had of
            all cores together, so that half of them is the least that two cores take. Of figures that one command computed, the
            trainings count with the first that uses them.


            """);
        if (ordered.Length == 0)
        {
            return text.Append("Nothing is recorded yet.\n").ToString();
        }

        Summarize(text, ordered);
        foreach (var result in ordered)
        {
            Tell(text, result);
        }

        return text.ToString();
    }

    private static void Summarize(StringBuilder text, ReproductionDocument[] results)
    {
        var verdicts = Enum.GetValues<Verdict>();
        var words = string.Join(" | ", verdicts.Select(ItemStanding.WordsOf));
        text.Append($"| figure | claims | {words} | scale | date | seconds | processor seconds | commit |\n");
        text.Append($"| --- | ---: |{string.Concat(verdicts.Select(_ => " ---: |"))} --- | --- | ---: | ---: | --- |\n");
        foreach (var result in results)
        {
            var counts = verdicts.Select(verdict => result.Claims.Count(claim => claim.Verdict == verdict));
            text.Append($"| [`{result.Id}`](#{result.Id}) | {result.Claims.Count} | {string.Join(" | ", counts)} | {Scale(result)} | ")
                .Append($"{Date(result)} | {Numbers.Format(result.Seconds, 3)} | ")
                .Append($"{Processor(result)} | {Commit(result)} |\n");
        }
    }

    private static string Processor(ReproductionDocument result) =>
        result.ProcessorSeconds is { } seconds ? Numbers.Format(seconds, 3) : "";

    private static void Tell(StringBuilder text, ReproductionDocument result)
    {
        var environment = result.Environment;
        text.Append($"\n## {result.Id}\n\n")
            .Append($"{Heading(result)} {result.Paper}, {result.Figure}.\n\n")
            .Append($"`{result.Command}`: {Scale(result)} scale, seeds {string.Join(", ", result.Seeds)}; {Date(result)}, ")
            .Append($"{Numbers.Format(result.Seconds, 3)} seconds on {environment.Device} of {environment.Processor.Trim()} ")
            .Append($"({environment.Cores} threads), Occam {environment.Occam} at {Commit(result)}.\n");
        var experiment = ExperimentCatalogue.Find(result.Id);
        var paper = experiment.Size(ExperimentScale.Paper);
        text.Append($"At the paper’s scale, {paper.Description}, it would take two cores about {NumberText.About(paper.Estimate)}.\n");
        if (Changed(experiment, result) is { Length: > 0 } changed)
        {
            text.Append($"\n> Not judged as they stand now, for they were added or reworded since: {string.Join(", ", changed)}.\n");
        }

        foreach (var remark in result.Remarks)
        {
            text.Append($"\n> {Cell(remark)}\n");
        }

        if (result.Claims.Count == 0)
        {
            return;
        }

        text.Append("\n| claim | the paper says | verdict | found |\n| --- | --- | --- | --- |\n");
        foreach (var claim in result.Claims)
        {
            var statistics = string.Join("; ", claim.Statistics.Select(statistic => $"{statistic.Name}: {statistic.Text}"));
            text.Append($"| {Cell(claim.Id)} | {Cell(claim.Claim)} ({Cell(claim.Source ?? "")}) | {ItemStanding.WordsOf(claim)} | ")
                .Append($"{Cell(claim.Reason)} {Cell(statistics)} |\n");
        }
    }

    // Claims of which another text was judged, or none.
    private static string[] Changed(Experiment experiment, ReproductionDocument result) =>
    [
        .. experiment.Claims
            .Where(claim => result.Claims.FirstOrDefault(recorded => recorded.Id == claim.Id) is not { } recorded
                || (recorded.Claim, recorded.Source) != (claim.Text, claim.Source))
            .Select(claim => $"`{claim.Id}`"),
        .. result.Claims.Select(claim => claim.Id).Except(experiment.Claims.Select(claim => claim.Id)).Select(id => $"`{id}` (no longer)"),
    ];

    // A title says what the figure is to show: a question unless all of it is reproduced.
    private static string Heading(ReproductionDocument result) =>
        result.Claims.All(claim => claim.Verdict == Verdict.Reproduced) ? $"{result.Title}." : $"{result.Title}?";

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|").Replace("<", "&lt;").Trim();

    private static string Scale(ReproductionDocument result) => result.Scale.Name();

    private static string Date(ReproductionDocument result) =>
        result.Written.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Commit(ReproductionDocument result) =>
        result.Environment.Commit is { Length: >= ShortCommit } commit ? commit[..ShortCommit] : "an unknown commit";
}
