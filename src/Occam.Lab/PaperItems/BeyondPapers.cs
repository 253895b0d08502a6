using System.Collections.Immutable;

namespace Occam.Lab.PaperItems;

/// <summary>What Occam judges and verifies that none of the four papers says: questions of its own, and later papers.</summary>
/// <param name="Claims">The claims of figures, each with why it is there.</param>
/// <param name="Theorems">The theorems of later papers, each with why it is there.</param>
public sealed record BeyondPapers(ImmutableArray<BeyondPapers.OwnClaim> Claims, ImmutableArray<BeyondPapers.OwnTheorem> Theorems)
{
    internal const string Resource = "beyond-papers.yaml";

    /// <summary>Why a claim is judged that no paper makes; null for one of a paper.</summary>
    /// <param name="claim">The claim, as <c>figure/claim</c>.</param>
    public string? WhyJudged(string claim) => Claims.FirstOrDefault(own => own.Id == claim)?.Why;

    /// <summary>A claim that no paper makes.</summary>
    /// <param name="Id">The claim, as <c>figure/claim</c>.</param>
    /// <param name="Why">Why it is judged.</param>
    public sealed record OwnClaim(string Id, string Why);

    /// <summary>A theorem of a later paper.</summary>
    /// <param name="Id">The theorem's id.</param>
    /// <param name="Why">Why both of its sides are computed.</param>
    public sealed record OwnTheorem(string Id, string Why);
}
