using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.PaperItems.Results;

/// <summary>Every figure with its claims, how they stand, and its page where there is one.</summary>
/// <param name="Figures">The last runs.</param>
/// <param name="Pages">The address of a figure's page, where it has one.</param>
internal sealed partial record FigureIndex(RecordedFigures Figures, ImmutableSortedDictionary<string, string> Pages) : Block
{
    /// <summary>The anchor of the index.</summary>
    public const string Name = "figures";

    /// <summary>The anchor of a figure.</summary>
    public static string Anchor(string figure) => $"figure-{figure}";

    internal override void Render(HtmlBuilder html)
    {
        html.Raw("<ul class=\"index\">");
        foreach (var experiment in ExperimentCatalogue.All.Values.OrderBy(Order))
        {
            Render(html, experiment);
        }

        html.Raw("</ul>");
    }

    private void Render(HtmlBuilder html, Experiment experiment)
    {
        Standing[] claims = [.. experiment.Claims.Select(claim => Figures.Of(ReferenceCatalogue.NameOf(experiment, claim)))];
        html.Raw($"<li id=\"{Anchor(experiment.Id)}\"><p class=\"place\">");
        if (Pages.TryGetValue(experiment.Id, out var page))
        {
            html.Raw($"<a href=\"{WebUtility.HtmlEncode(page)}\">").Element("code", experiment.Id).Raw("</a>");
        }
        else
        {
            html.Element("code", experiment.Id);
        }

        html.Raw("</p><div>").Element("p", RichText.WithScripts(Heading(experiment, claims)))
            .Element("p", $"{experiment.Paper}, {experiment.Figure}. {Run(experiment)}", "class=\"remark\"");
        if (experiment.Claims.Length > 0)
        {
            html.Raw("<ul class=\"claims\">");
            foreach (var (claim, standing) in experiment.Claims.Zip(claims))
            {
                html.Raw("<li>").Text(VerdictMark.Of(standing)).Raw("<div>").Element("p", RichText.WithScripts(claim.Text));
                if (PaperCatalogue.Beyond.WhyJudged(standing.Claim) is { } why)
                {
                    html.Element("p", $"Not a claim of the paper. {why}", "class=\"remark\"");
                }

                html.Raw("</div></li>");
            }

            html.Raw("</ul>");
        }

        html.Raw("</div></li>");
    }

    // In the papers' order, and that of the numbers: 2 before 10.
    private static (int, string) Order(Experiment experiment) => (
        PaperCatalogue.Papers.TakeWhile(paper => paper.Authors != experiment.Paper).Count(),
        Digits().Replace(experiment.Id, number => number.Value.PadLeft(4, '0')));

    // A title says what the figure is to show: a question until all of it is reproduced.
    private static string Heading(Experiment experiment, Standing[] claims) =>
        claims.All(claim => claim.Entry?.Verdict == Verdict.Reproduced) ? experiment.Title : experiment.AskedTitle;

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    private string Run(Experiment experiment)
    {
        if (!Figures.ByFigure.TryGetValue(experiment.Id, out var run))
        {
            var why = experiment.Claims.IsEmpty ? "It has no claim to be judged" : "No run judged it yet";
            return $"{why}: occam reproduce {experiment.Id}.";
        }

        var scale = run.Document.Scale.Name();
        var when = run.Document.Written.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        return $"Last judged at the {scale} scale on {when} ({run.From}).";
    }
}
