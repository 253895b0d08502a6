namespace Occam.Lab.Reports;

/// <summary>A paper's claim, the verdict on it, why, and the statistics that the verdict follows from.</summary>
public sealed record VerdictBlock(RichText Claim, Verdict Verdict, RichText Reason, params IReadOnlyList<Fact> Statistics) : Block
{
    /// <summary>The claim's name within its figure.</summary>
    public string Id { get; init; } = "";

    /// <summary>Whether it is undecided because what was measured isn't what the claim is about.</summary>
    public bool PremiseFails { get; init; }

    /// <summary>Where the claim is made: paper and figure or equation.</summary>
    public RichText? Source { get; init; }

    internal override void Render(HtmlBuilder html)
    {
        var (style, glyph, words) = Verdict switch
        {
            Verdict.Reproduced => ("reproduced", "<path d=\"M4.5 10.5l3.6 3.6 7.4-8\"/>", "Reproduced"),
            Verdict.NotReproduced => ("not-reproduced", "<path d=\"M5.5 5.5l9 9m0-9l-9 9\"/>", "Not reproduced"),
            Verdict.Undecided => (
                "undecided", "<path d=\"M4.6 11.4c1.6-3 3.4-3 5.4-1.4s3.8 1.6 5.4-1.4\"/>",
                PremiseFails ? "Undecided: the premise fails" : "Undecided at this scale"),
            _ => throw new InvalidOperationException($"there is no verdict '{Verdict}'"),
        };
        html.Raw($"<article class=\"verdict {style}\"><p class=\"verdict-word\">")
            .Raw($"<svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><circle cx=\"10\" cy=\"10\" r=\"10\"/>{glyph}</svg>")
            .Text(words).Raw("</p>").Element("p", Claim.Scripted(), "class=\"claim\"");
        if (Source is { } source)
        {
            html.Element("p", source, "class=\"claim-source\"");
        }
        html.Element("p", Reason.Scripted(), "class=\"reason\"");
        if (Statistics.Count > 0)
        {
            FactList.Render(html, "statistics", [.. Statistics.Select(fact => fact with { Name = fact.Name.Scripted() })]);
        }
        html.Raw("</article>");
    }
}
