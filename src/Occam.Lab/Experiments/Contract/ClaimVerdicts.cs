using System.Collections.Immutable;
using Occam.Lab.Reports;
using Occam.Lab.Significance;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// From findings to verdicts, for all claims of a figure together: the p-values are adjusted for their number by <see cref="Holm"/>, and a
/// claim is reproduced where the one for it is at most <see cref="Evidence.Level"/>, not reproduced where the one against it is, and
/// undecided where neither or both are, on fewer than <see cref="EnoughSeeds"/> seeds, and at the smoke scale.
/// </summary>
internal static class ClaimVerdicts
{
    /// <summary>Fewer seeds than this decide nothing.</summary>
    public const int EnoughSeeds = 3;

    /// <summary>The verdicts, in the claims' order.</summary>
    /// <param name="claims">The claims of a figure.</param>
    /// <param name="findings">What was found of each.</param>
    /// <param name="scale">The scale of the runs.</param>
    public static ImmutableArray<VerdictBlock> Of(
        IReadOnlyList<Claim> claims, IReadOnlyList<Finding> findings, ExperimentScale scale)
    {
        var tests = findings.Count(finding => finding.Evidence.IsTest);
        var (support, contradiction) = (
            Adjusted(findings, evidence => evidence.For), Adjusted(findings, evidence => evidence.Against));
        return [.. claims.Select((claim, i) => Block(claim, findings[i], new Evidence(support[i], contradiction[i]), tests, scale))];
    }

    /// <summary>A page's title: the figure's own where all of it was reproduced, and a question with its answer where not.</summary>
    /// <param name="title">What the figure is to show, as a sentence.</param>
    /// <param name="verdicts">The verdicts on its claims; of a figure without claims the title stands as it is.</param>
    public static string Headline(string title, IReadOnlyCollection<VerdictBlock> verdicts)
    {
        int Count(Verdict verdict) => verdicts.Count(block => block.Verdict == verdict);
        var (reproduced, denied) = (Count(Verdict.Reproduced), Count(Verdict.NotReproduced));
        return reproduced == verdicts.Count ? title
            : reproduced + denied == 0 ? $"{title}? Undecided at this scale"
            : reproduced == 0 && denied == verdicts.Count ? $"{title}? Not reproduced"
            : $"{title}? {reproduced} of {verdicts.Count} claims reproduced{Also(denied, "not")}"
                + Also(verdicts.Count - reproduced - denied, "undecided");
    }

    private static string Also(int count, string what) => count > 0 ? $", {count} {what}" : "";

    private static double[] Adjusted(IReadOnlyList<Finding> findings, Func<Evidence, double> value)
    {
        double[] values = [.. findings.Select(finding => value(finding.Evidence))];
        int[] tests = [.. Enumerable.Range(0, values.Length).Where(i => findings[i].Evidence.IsTest)];
        foreach (var (place, adjusted) in tests.Zip(Holm.Adjust([.. tests.Select(i => values[i])])))
        {
            values[place] = adjusted;
        }

        return values;
    }

    private static VerdictBlock Block(Claim claim, Finding finding, Evidence adjusted, int tests, ExperimentScale scale)
    {
        var (holds, fails) = (adjusted.For <= Evidence.Level, adjusted.Against <= Evidence.Level);
        var isEnough = scale != ExperimentScale.Smoke && finding.Seeds >= EnoughSeeds;
        var note = scale == ExperimentScale.Smoke ? " The smoke scale judges nothing."
            : finding.Seeds < EnoughSeeds ? $" A verdict takes {EnoughSeeds} seeds."
            : holds && fails ? " The effect is real, and smaller than counts as one."
            : holds || fails ? ""
            : Alone(finding.Evidence, tests);
        Fact[] values = finding.Evidence is { IsTest: true } and not { For: 1, Against: 1 }
            ?
            [
                new Fact(PValue("for the claim", tests), RichText.Rounded(adjusted.For, 2)),
                new Fact(PValue("against it", tests), RichText.Rounded(adjusted.Against, 2)),
            ]
            : [];
        return new VerdictBlock(
            claim.Text,
            !isEnough || holds == fails ? Verdict.Undecided : holds ? Verdict.Reproduced : Verdict.NotReproduced,
            $"{finding.Reason}.{note}",
            [.. values, .. finding.Statistics, new Fact("seeds", finding.Seeds)])
        {
            Id = claim.Id,
            Source = claim.Source,
            PremiseFails = finding.PremiseFails,
        };
    }

    // What would be decided if there were no other claims.
    private static string Alone(Evidence alone, int tests)
    {
        var (holds, fails) = (alone.For <= Evidence.Level, alone.Against <= Evidence.Level);
        return holds == fails ? ""
            : $" By itself that would speak {(holds ? "for" : "against")} the claim: among the figure’s {Numbers.Format(tests)} tests "
                + "it is too little.";
    }

    private static string PValue(string which, int tests) =>
        tests == 1 ? $"p-value {which}" : $"p-value {which}, adjusted for {Numbers.Format(tests)} tests";
}
