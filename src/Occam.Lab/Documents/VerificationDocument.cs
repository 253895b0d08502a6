using Occam.Data;
using Occam.Theory;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam verify --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Network">The network's file.</param>
/// <param name="Data">The training examples.</param>
/// <param name="Theorems">What became of the theorems, in the order asked for.</param>
public sealed record VerificationDocument(
    string Occam, string Network, DataEntry Data, IReadOnlyList<VerificationDocument.TheoremEntry> Theorems)
{
    /// <summary>The document of what was found of theorems on a network.</summary>
    public static VerificationDocument Of(string network, DataSet data, DataOptions options, IEnumerable<TheoremResult> results) =>
        new(RunEnvironment.Version, network, DataEntry.Of(data, options), [.. results.Select(TheoremEntry.Of)]);

    /// <summary>What was found of a theorem.</summary>
    /// <param name="Id">The theorem's id.</param>
    /// <param name="Title">The theorem's title.</param>
    /// <param name="Source">Paper and number.</param>
    /// <param name="Verdict">The worst of its proved inequalities' verdicts.</param>
    /// <param name="NotApplicable">Why the whole theorem says nothing here; null where it was checked.</param>
    /// <param name="Inequalities">Its inequalities with both sides.</param>
    /// <param name="Hypotheses">Its hypotheses as they were measured.</param>
    /// <param name="Details">Further numbers by name; docs/theorems.md says what they mean.</param>
    /// <param name="Notes">What a reader must know.</param>
    public sealed record TheoremEntry(
        string Id,
        string Title,
        string Source,
        InequalityVerdict Verdict,
        string? NotApplicable,
        IReadOnlyList<InequalityEntry> Inequalities,
        IReadOnlyList<Hypothesis> Hypotheses,
        OrderedDictionary<string, double> Details,
        IReadOnlyList<string> Notes)
    {
        internal static TheoremEntry Of(TheoremResult result) => new(
            result.Id,
            result.Title,
            result.Source,
            result.Verdict,
            result.NotApplicable,
            [.. result.Inequalities.Select(InequalityEntry.Of)],
            result.Hypotheses,
            new(result.Details),
            result.Notes);
    }

    /// <summary>An inequality, or an equality, with both sides.</summary>
    /// <param name="Name">What stands on the two sides.</param>
    /// <param name="Proved">Whether the paper proves it; one that it only suggests doesn't count in the theorem's verdict.</param>
    /// <param name="ByArithmetic">Whether it holds of every network, for both sides come of the same numbers.</param>
    /// <param name="Relation"><c>&lt;=</c> or <c>=</c>.</param>
    /// <param name="Left">The smaller side; null where it isn't applicable.</param>
    /// <param name="Right">The larger side, the bound; null where it isn't applicable or infinite.</param>
    /// <param name="Slack">Right − left.</param>
    /// <param name="Verdict">What became of it.</param>
    /// <param name="Why">Why it is vacuous or not applicable.</param>
    public sealed record InequalityEntry(
        string Name,
        bool Proved,
        bool ByArithmetic,
        string Relation,
        double Left,
        double Right,
        double Slack,
        InequalityVerdict Verdict,
        string? Why)
    {
        internal static InequalityEntry Of(Inequality inequality) => new(
            inequality.Name,
            inequality.IsProved,
            inequality.IsByArithmetic,
            inequality.IsEquality ? "=" : "<=",
            inequality.Left,
            inequality.Right,
            inequality.Slack,
            inequality.Verdict,
            inequality.Why);
    }
}
