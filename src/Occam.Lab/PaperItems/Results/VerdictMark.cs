using Occam.Lab.Reports;

namespace Occam.Lab.PaperItems.Results;

/// <summary>A verdict in a word or two, coloured.</summary>
internal static class VerdictMark
{
    /// <summary>The mark of an item that is judged.</summary>
    public static RichText Of(ItemStanding standing) => Of(standing.Verdict, standing.Words);

    /// <summary>The mark of a claim.</summary>
    public static RichText Of(Standing claim) =>
        Of(claim.Entry?.Verdict, claim.Entry is { } entry ? ItemStanding.WordsOf(entry) : ItemStanding.NotRun);

    private static RichText Of(Verdict? verdict, string words)
    {
        var (style, sign) = verdict switch
        {
            Verdict.Reproduced => ("reproduced", "✓"),
            Verdict.NotReproduced => ("not-reproduced", "✗"),
            Verdict.Undecided => ("undecided", "?"),
            _ => ("not-run", "–"),
        };
        return RichText.Html($"<p class=\"mark {style}\"><span aria-hidden=\"true\">{sign}</span> {words}</p>");
    }
}
