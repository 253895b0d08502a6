using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.PaperItems.Results;
using Occam.Lab.Reports;
using static Occam.Site.Pages.MarkdownText;

namespace Occam.Site.Pages;

/// <summary>
/// The gallery: a page a figure with the verdicts of its last recorded run, the charts where that run's page is at hand, and how to
/// repeat it.
/// </summary>
internal static partial class FigurePages
{
    /// <summary>The pages with their places in the site, and the list of them.</summary>
    /// <param name="figures">The last run of each figure.</param>
    /// <param name="others">Further pages of the gallery, beside these, with their titles.</param>
    public static IEnumerable<(string Path, string Text)> All(RecordedFigures figures, IReadOnlyList<(string Path, string Title)> others)
    {
        var list = new StringBuilder("""
            # The papers' figures, computed again

            What the papers say of each figure, and what came of it here. [What a verdict means](../docs/verdicts.md) is stated once for
            all; the [record](../docs/results/README.md) has every statistic.


            """);
        var contents = new StringBuilder("- name: All figures\n  href: index.md\n");
        foreach (var paper in ExperimentCatalogue.All.Values.GroupBy(experiment => experiment.Paper))
        {
            list.Append($"## {Plain(paper.Key)}\n\n| figure | what is studied | claims |\n| --- | --- | --- |\n");
            contents.Append($"- name: \"{paper.Key}\"\n  items:\n");
            foreach (var experiment in paper)
            {
                var run = figures.ByFigure.GetValueOrDefault(experiment.Id);
                list.Append($"| [{experiment.Id}]({experiment.Id}.md) | {Plain(experiment.Title)} | {Counts(run)} |\n");
                contents.Append($"  - name: \"{experiment.Id}\"\n    href: {experiment.Id}.md\n");
                yield return ($"figures/{experiment.Id}.md", Page(experiment, run, figures.Pages.GetValueOrDefault(experiment.Id)));
            }

            list.Append('\n');
        }

        if (others.Count > 0)
        {
            list.Append("## Networks of texts\n\n");
            contents.Append("- name: Networks of texts\n  items:\n");
            foreach (var (path, title) in others)
            {
                list.Append($"- [{title}]({Path.GetFileName(path)})\n");
                contents.Append($"  - name: \"{title}\"\n    href: {Path.GetFileName(path)}\n");
            }
        }

        yield return ("figures/index.md", list.ToString());
        yield return ("figures/toc.yml", contents.ToString());
    }

    private static string Counts(RecordedFigure? run) => run is null ? ItemStanding.NotRun
        : run.Document.Claims.Count == 0 ? "none: it shows"
        : string.Join(
            "<br>",
            from claim in run.Document.Claims
            group claim by claim.Verdict into same
            orderby same.Key
            let style = same.Key.ToString().ToLowerInvariant()
            select $"<span class=\"count {style}\">{same.Count()} {ItemStanding.WordsOf(same.Key)}</span>");

    private static string Page(Experiment experiment, RecordedFigure? run, string? page)
    {
        var text = new StringBuilder($"# {Plain(Headline(experiment, run))}\n\n{Plain($"{experiment.Paper}, {experiment.Figure}")}.\n\n");
        if (run is null)
        {
            text.Append($"No run of it is recorded yet.\n\n```sh\noccam reproduce {experiment.Id}\n```\n");
            return text.ToString();
        }

        var result = run.Document;
        foreach (var remark in result.Remarks)
        {
            text.Append($"> {Plain(remark)}\n\n");
        }

        if (result.Claims.Count > 0)
        {
            text.Append(Drawing.Of(result.Claims.Select(Verdict))).Append("\n\n");
        }

        if (page is not null)
        {
            text.Append(Drawing.Of(string.Concat(Chart().Matches(File.ReadAllText(page)).Select(match => match.Value)))).Append("\n\n");
        }

        text.Append("## How it was done\n\n| setting | value | where from |\n| --- | --- | --- |\n");
        foreach (var setting in result.Settings)
        {
            text.Append($"| {Plain(setting.Name)} | {Plain(setting.Value)} | {ReproductionPage.Describe(setting.Origin)} |\n");
        }

        text.Append($"\nAt the {result.Scale.ToString().ToLowerInvariant()} scale with {result.Seeds.Count} seeds, on ")
            .Append($"{result.Written.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}; the computing took ")
            .Append($"{result.Seconds.ToString("G3", CultureInfo.InvariantCulture)} seconds. To repeat it:\n\n")
            .Append($"```sh\noccam reproduce {experiment.Id}\n```\n");
        return text.ToString();
    }

    // A figure's title asserts what it is to show: it is a question unless all of it was reproduced.
    private static string Headline(Experiment experiment, RecordedFigure? run) =>
        run is not null && run.Document.Claims.All(claim => claim.Verdict == Lab.Reports.Verdict.Reproduced)
            ? experiment.Title
            : $"{experiment.Title}?";

    private static VerdictBlock Verdict(ReproductionDocument.ClaimEntry claim) => new(
        claim.Claim, claim.Verdict, claim.Reason, [.. claim.Statistics.Select(statistic => new Fact(statistic.Name, statistic.Text))])
    {
        Id = claim.Id,
        PremiseFails = claim.PremiseFails,
        Source = claim.Source is { } source ? source : default(RichText?),
    };

    [GeneratedRegex("<figure class=\"figure\".*?</figure>", RegexOptions.Singleline)]
    private static partial Regex Chart();
}
