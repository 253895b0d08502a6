using System.Collections.Immutable;
using Occam.Lab.Documents;
using Occam.Lab.Reports;

namespace Occam.Lab.PaperItems.Results;

/// <summary>How an item stands: the verdicts on the claims that it is judged by.</summary>
/// <param name="Item">The item.</param>
/// <param name="Claims">Its claims.</param>
internal sealed record ItemStanding(PaperItem Item, ImmutableArray<Standing> Claims)
{
    /// <summary>
    /// The verdict on all of its claims together: not reproduced where one isn't, undecided where one is undecided or wasn't judged;
    /// null where it has no claim, or no run judged any.
    /// </summary>
    public Verdict? Verdict =>
        Claims.All(claim => claim.Entry is null) ? null
        : Claims.Any(claim => claim.Entry?.Verdict == Reports.Verdict.NotReproduced) ? Reports.Verdict.NotReproduced
        : Claims.All(claim => claim.Entry?.Verdict == Reports.Verdict.Reproduced) ? Reports.Verdict.Reproduced
        : Reports.Verdict.Undecided;

    /// <summary>What stands in place of a verdict where no run judged.</summary>
    public const string NotRun = "not run";

    /// <summary>The verdict in words; empty where the item has no claim.</summary>
    public string Words
    {
        get
        {
            if (Claims.IsEmpty || Verdict is not { } verdict)
            {
                return Claims.IsEmpty ? "" : NotRun;
            }

            var (agreeing, unjudged) = (
                Claims.Count(claim => claim.Entry?.Verdict == verdict), Claims.Count(claim => claim.Entry is null));
            return agreeing == Claims.Length ? WordsOf(verdict)
                : agreeing > 0 ? $"{WordsOf(verdict)}: {agreeing} of {Claims.Length}"
                : $"{WordsOf(verdict)}: {unjudged} of {Claims.Length} {NotRun}";
        }
    }

    /// <summary>The verdicts on its claims, for programs.</summary>
    public IEnumerable<PaperItemsDocument.VerdictEntry> Verdicts => Claims.Select(claim => new PaperItemsDocument.VerdictEntry(
        claim.Claim, claim.Entry?.Verdict, claim.Entry?.Reason, claim.Run?.Document.Scale, claim.Run?.Document.Written, claim.Run?.From));

    /// <summary>The standing of an item.</summary>
    public static ItemStanding Of(PaperItem item, RecordedFigures figures) => new(item, [.. item.Claims.Select(figures.Of)]);

    /// <summary>The verdict on a claim in words.</summary>
    public static string WordsOf(ReproductionDocument.ClaimEntry claim) =>
        claim.PremiseFails ? $"{WordsOf(claim.Verdict)}: the premise fails" : WordsOf(claim.Verdict);

    /// <summary>A verdict in words.</summary>
    public static string WordsOf(Verdict verdict) => verdict switch
    {
        Reports.Verdict.Reproduced => "reproduced",
        Reports.Verdict.NotReproduced => "not reproduced",
        _ => "undecided",
    };
}
