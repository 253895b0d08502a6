using System.Collections.Immutable;
using Occam.Lab.Text;
using Occam.Measures;

namespace Occam.Lab.Measuring;

/// <summary>What a comparison comes to, in words. Each sentence follows from the values alone.</summary>
internal static class ComparisonSummary
{
    /// <summary>The sentences; none where nothing of what was compared can be put into words.</summary>
    public static ImmutableArray<string> Of(Comparison comparison) =>
    [
        .. new[]
        {
            Slope(comparison.Find("geometric-complexity")), Steepest(comparison.Find("local-lipschitz")),
            Margins(comparison.Find("margin")), Undecided(comparison),
        }.OfType<string>(),
    ];

    private static string? Slope(MeasureComparison? complexity)
    {
        if (complexity is not { NotApplicable: null, A.Value: > 0 and var a, B.Value: > 0 and var b } || !double.IsFinite(a + b))
        {
            return null;
        }

        var (steeper, flatter) = b >= a ? ("B", "A") : ("A", "B");
        var ratio = Math.Max(a / b, b / a);
        var values = $"{Numbers.Format(a, 3)} for A and {Numbers.Format(b, 3)} for B";
        var first = AreEqual(complexity) ? $"A and B are as steep as each other: the mean squared slope of both is {Numbers.Format(a, 3)}."
            : IsDecided(complexity)
            ? $"{steeper} is {NumberText.Times(ratio)} as steep as {flatter} by its mean squared slope, the geometric complexity: "
                + $"{values}. As a root mean square its slope is {NumberText.Times(Math.Sqrt(ratio))} that of {flatter}."
            : $"A and B are about as steep: their mean squared slopes, {values}, differ by no more than chance does.";
        return complexity is { A.PerExample: { IsDefaultOrEmpty: false } ofA, B.PerExample: { IsDefaultOrEmpty: false } ofB }
            && ofA.Length == ofB.Length && ofA.Length > 1 && !ofA.SequenceEqual(ofB)
            ? $"{first} {ByExample(steeper == "B" ? ofA : ofB, steeper == "B" ? ofB : ofA, steeper)}"
            : first;
    }

    private static string ByExample(ImmutableArray<double> flatter, ImmutableArray<double> steeper, string name)
    {
        var count = flatter.Zip(steeper).Count(pair => pair.Second > pair.First);
        return $"{name} is the steeper one at {NumberText.Count(count)} of {Counted.Of(flatter.Length, "example")}.";
    }

    private static string? Steepest(MeasureComparison? slopes)
    {
        if (slopes is not { NotApplicable: null, A.PerExample.IsDefaultOrEmpty: false, B.PerExample.IsDefaultOrEmpty: false })
        {
            return null;
        }

        var (a, b) = (slopes.A.PerExample.Max(), slopes.B.PerExample.Max());
        return !double.IsFinite(a + b) ? null
            : a == b ? $"At its steepest example, in its steepest direction, the slope of both is {Numbers.Format(a, 3)}."
            : $"At its steepest example, in its steepest direction, A’s slope is {Numbers.Format(a, 3)} and B’s {Numbers.Format(b, 3)}.";
    }

    private static string? Margins(MeasureComparison? margins)
    {
        if (margins is not { NotApplicable: null, A.Value: { } a, B.Value: { } b })
        {
            return null;
        }

        var values = $"{Numbers.Format(a, 3)} for A and {Numbers.Format(b, 3)} for B";
        var first = AreEqual(margins) ? $"The 5th percentile of the margins is {Numbers.Format(a, 3)} for both."
            : !IsDecided(margins) ? $"The 5th percentiles of their margins, {values}, differ by no more than chance does."
            : $"The 5th percentile of B’s margins is {(b > a ? "above A’s, which is safer" : "below A’s, which is less safe")}: {values}.";
        return Accuracy(margins.A) is { } ofA && Accuracy(margins.B) is { } ofB
            ? $"{first} A classifies {ofA} of the examples correctly, B {ofB}."
            : first;
    }

    private static string? Accuracy(MeasureResult margins) => margins.NamedDetails.Any(detail => detail.Key == "accuracy")
        ? $"{Numbers.Format(100 * margins.Detail("accuracy"), 4)} %"
        : null;

    private static string? Undecided(Comparison comparison)
    {
        var within = comparison.Measures
            .Where(measure => measure is { NotApplicable: null } && measure.Verdict.StartsWith("within", StringComparison.Ordinal)
                && measure.A.Id is not ("geometric-complexity" or "margin"))
            .Select(measure => measure.A.Title).ToArray();
        return within.Length == 0 ? null : $"No difference beyond chance: {string.Join("; ", within)}.";
    }

    private static bool AreEqual(MeasureComparison measure) => measure.Difference.Value == 0;

    private static bool IsDecided(MeasureComparison measure) =>
        measure.Basis == ErrorBasis.Exact ? measure.Difference.Value != 0 : measure.Exceeds;
}
