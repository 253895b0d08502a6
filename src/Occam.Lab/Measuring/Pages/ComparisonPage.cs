using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;

namespace Occam.Lab.Measuring.Pages;

/// <summary>Two networks side by side, as a page.</summary>
public static class ComparisonPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="comparison">The networks.</param>
    /// <param name="decisions">What became of the conditions.</param>
    /// <param name="command">The command line that compared them.</param>
    public static Page Of(Comparison comparison, IReadOnlyList<Condition.Decision> decisions, string command)
    {
        var (a, b) = (comparison.A, comparison.B);
        var (nameOfA, nameOfB) = a.Name == b.Name ? (a.Loaded.Path, b.Loaded.Path) : (a.Name, b.Name);
        var summary = ComparisonSummary.Of(comparison);
        Block?[] blocks =
        [
            summary.IsEmpty ? null : new Section("In short", new Prose([.. summary.Select(sentence => (RichText)sentence)])),
            Differences(comparison, decisions),
            ComparedExamples.Of(comparison),
            Layers(comparison),
            new Section($"A: {nameOfA}", MeasurePage.Facts(a)),
            new Section($"B: {nameOfB}", MeasurePage.Facts(b)),
            new Prose($"Data: {a.Data.Description}."),
        ];
        return new Page(
            $"{nameOfA} and {nameOfB}",
            $"Two networks on the same {Counted.Of(a.Data.Count, "example")} of {a.Data.Name}: {nameOfA} is A, {nameOfB} is B",
            [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam compare",
        };
    }

    private static Section Differences(Comparison comparison, IReadOnlyList<Condition.Decision> decisions)
    {
        MeasureComparison[] compared =
            [.. MeasureFamily.InOrder(comparison.Measures.Where(measure => measure.NotApplicable is null), measure => measure.A.Id)];
        var missing = comparison.Measures.Where(measure => measure.NotApplicable is not null).ToArray();
        Block?[] blocks =
        [
            decisions.Count == 0 ? null : Table.Of(
                decisions, ("Condition on B", decision => decision.Condition.Text), ("Value", decision => decision.Value),
                ("Bound", decision => decision.Bound), ("Result", decision => decision.Holds ? "holds" : "does not hold")),
            Table.Of(
                compared,
                ("Quantity", measure => RichText.WithScripts(measure.A.Title)),
                ("A", measure => RichText.WithError(measure.A.Quantity ?? double.NaN)),
                ("B", measure => RichText.WithError(measure.B.Quantity ?? double.NaN)),
                ("B − A", measure => RichText.WithError(measure.Difference)),
                ("B / A", measure => Ratio(measure.A.Value, measure.B.Value)),
                ("B is", measure => measure.Verdict)),
            new Prose([.. Remarks(compared)]),
            Details(compared),
            missing.Length == 0
                ? null
                : Table.Of(
                    missing,
                    ("Not compared", measure => RichText.WithScripts(measure.A.Title)), ("Why", measure => measure.NotApplicable!)),
        ];
        return new Section("What differs", [.. blocks.OfType<Block>()]);
    }

    private static IEnumerable<RichText> Remarks(IReadOnlyCollection<MeasureComparison> compared)
    {
        yield return "± beside a difference is its standard error: of the differences example by example where the value is a mean over "
            + "examples, by drawing the examples again where it is a percentile of them."
            + (compared.Any(measure => measure.Basis == ErrorBasis.Exact)
                ? " What is exact on the network alone has none."
                : "");
        if (compared.Any(measure => DifferenceWords.IsSaferWhereLarger(measure.A.Id)))
        {
            yield return "Larger is safer for margins; everywhere else smaller is flatter or simpler.";
        }
    }

    private static Unfolding? Details(IEnumerable<MeasureComparison> compared)
    {
        var details = (
            from measure in compared
            from detail in measure.A.Details
            where measure.B.Details.Any(other => other.Key == detail.Key)
            select (measure.A.Title, detail.Key, A: detail.Value, B: measure.B.Detail(detail.Key))).ToArray();
        return details.Length == 0 ? null : new Unfolding("Further values", Table.Of(
            details,
            ("Quantity", detail => RichText.WithScripts(detail.Title)),
            ("Of it", detail => NumberText.Words(detail.Key)),
            ("A", detail => detail.A),
            ("B", detail => detail.B),
            ("B − A", detail => detail.B - detail.A),
            ("B / A", detail => Ratio(detail.A, detail.B))));
    }

    // How many times a negative number is another tells nobody anything.
    private static RichText Ratio(double? a, double? b) =>
        a is > 0 && b is > 0 && double.IsFinite(b.Value / a.Value) ? ((RichText)$"{Numbers.Format(b.Value / a.Value, 3)}×").AsNumber() : "";

    private static Section? Layers(Comparison comparison)
    {
        Chart[] charts =
        [
            .. comparison.Measures
                .Where(measure => measure.A.Layers.Length > 1
                    && measure.A.Layers.Select(layer => layer.Name).SequenceEqual(measure.B.Layers.Select(layer => layer.Name)))
                .Select(measure => LayerChart.Of(measure.A.Title, measure.A.Notes, ("A", measure.A.Layers), ("B", measure.B.Layers))),
        ];
        return charts.Length == 0 ? null : new Section("Layer by layer", charts);
    }
}
