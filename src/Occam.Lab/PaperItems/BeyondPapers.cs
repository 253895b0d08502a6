using System.Collections.Immutable;

namespace Occam.Lab.PaperItems;

/// <summary>What Occam judges that no paper says: questions of its own.</summary>
/// <param name="Claims">The claims of figures, each with why it is there.</param>
public sealed record BeyondPapers(ImmutableArray<BeyondPapers.OwnClaim> Claims)
{
    internal const string Resource = "beyond-papers.yaml";

    /// <summary>Why a claim is judged that no paper makes; null for one of a paper.</summary>
    /// <param name="claim">The claim, as <c>figure/claim</c>.</param>
    public string? WhyJudged(string claim) => Claims.FirstOrDefault(own => own.Id == claim)?.Why;

    /// <summary>A claim that no paper makes.</summary>
    /// <param name="Id">The claim, as <c>figure/claim</c>.</param>
    /// <param name="Why">Why it is judged.</param>
    public sealed record OwnClaim(string Id, string Why);
}
