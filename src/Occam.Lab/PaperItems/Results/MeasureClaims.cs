using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.PaperItems.Results;

/// <summary>
/// What raises and lowers a measure: the papers' claims about it that Occam judges, each with the verdict that is recorded in Occam. Of a
/// measure that no claim is about nothing is said.
/// </summary>
internal static class MeasureClaims
{
    private static readonly ImmutableSortedDictionary<string, string[]> s_byMeasure = new Dictionary<string, string[]>
    {
        ["geometric-complexity"] =
        [
            "gc-4-lr/complexity-falls", "gc-4-batch/complexity-rises", "gc-3-l2/best-complexity-falls",
            "gc-3-spectral/best-complexity-falls", "gc-3-flatness/best-complexity-falls",
            "gc-3-noise-mnist/once-best-complexity-falls", "gc-3-noise-mnist/every-step-best-complexity-falls",
            "gc-explicit/resnet-complexity-falls", "gc-1/grows", "gc-2/complexity-falls", "gc-5/complexity-falls-beyond",
            "gor-open-labels/complexity-falls", "gor-open-noise/complexity-falls",
        ],
        ["dirichlet-energy"] = ["gor-2/energy-falls", "gor-open-depth/energy-falls"],
        ["loss-slope"] = ["gor-2/slope-falls", "gor-open-labels/gradient-falls"],
        ["layer-amplifications"] = ["gc-transfer/amplifications-start-small", "gc-transfer/amplifications-grow"],
        ["transfer-functions"] = ["gc-transfer/transfer-falls-slower"],
        ["l2-norm"] = [.. NormsOverMargin, "eg-1/gap-grows-most-for-l2", "eg-4/norms-rise-beyond-128"],
        ["l1-path-norm"] = [.. NormsOverMargin, "eg-4/norms-rise-beyond-128"],
        ["l2-path-norm"] = [.. NormsOverMargin, "eg-1/gap-grows-most-for-l2", "eg-4/l2-path-explains"],
        ["spectral-norm"] = [.. NormsOverMargin, "eg-4/spectral-rises-beyond-512"],
        ["max-sharpness"] = ["eg-2/max-misleads-small", "eg-2/max-tells-large", "eg-3/max-sharpness-does-not-rise"],
        ["kl-divergence"] = Divergence,
        ["pac-bayes-curve"] = Divergence,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The measures that claims are about, each with its claims as <c>figure/claim</c>.</summary>
    public static IReadOnlyDictionary<string, string[]> All => s_byMeasure;

    /// <summary>What is claimed of a measure: a sentence, its source and the verdict in each.</summary>
    /// <param name="id">The measure's id.</param>
    public static IReadOnlyList<string> Of(string id) =>
        [.. s_byMeasure.GetValueOrDefault(id, []).Select(RecordedFigures.InOccam.Of).Select(Sentence).OfType<string>()];

    private static string[] NormsOverMargin => ["eg-1/higher-for-random", "eg-3/norms-rise"];

    private static string[] Divergence => ["eg-2/curves-lower", "eg-3/kl-rises", "eg-3/kl-goes-with-test-error", "eg-4/kl-falls-to-128"];

    // Some sources name their paper, since their figure is of two.
    private static string? Sentence(Standing standing)
    {
        if (standing.Entry is not { } entry || standing.Run is not { } run)
        {
            return null;
        }

        var (paper, place) = (run.Document.Paper, entry.Source ?? "");
        var source = place.StartsWith(paper.Split(',', ' ')[0], StringComparison.Ordinal) ? place : $"{paper}, {place}";
        return $"{entry.Claim} {source}; here, at {run.Document.Scale.Name()} scale, {ItemStanding.WordsOf(entry)} ({standing.Claim}).";
    }
}
