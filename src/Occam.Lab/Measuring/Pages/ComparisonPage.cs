using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;

namespace Occam.Lab.Measuring.Pages;

/// <summary>Two networks side by side, as a page.</summary>
public static class ComparisonPage
{
    private static readonly (string Id, string Axis)[] Spread =
        [("geometric-complexity", "‖J(x)‖² (Frobenius)"), ("local-lipschitz", "σ_max(J(x))")];

    /// <summary>Makes the page.</summary>
    /// <param name="comparison">The networks.</param>
    /// <param name="decisions">What became of the conditions.</param>
    /// <param name="command">The command line that compared them.</param>
    public static Page Of(Comparison comparison, IReadOnlyList<Condition.Decision> decisions, string command)
    {
        var (a, b) = (comparison.A, comparison.B);
        Block?[] blocks =
        [
            new Section($"A: {a.Name}", MeasurePage.Facts(a)),
            new Section($"B: {b.Name}", MeasurePage.Facts(b)),
            new Prose($"Data: {a.Data.Description}."),
            Differences(comparison, decisions),
            Examples(comparison),
            Layers(comparison),
        ];
        return new Page(
            $"{a.Name} and {b.Name}", $"Two networks on the same {NumberText.Count(a.Data.Count)} examples of {a.Data.Name}",
            [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam compare",
        };
    }

    private static Section Differences(Comparison comparison, IReadOnlyList<Condition.Decision> decisions)
    {
        var missing = comparison.Measures.Where(measure => measure.NotApplicable is not null).ToArray();
        Block?[] blocks =
        [
            Table.Of(
                comparison.Measures.Where(measure => measure.NotApplicable is null),
                ("Quantity", measure => measure.A.Title),
                ("A", measure => RichText.WithError(measure.A.Quantity ?? double.NaN)),
                ("B", measure => RichText.WithError(measure.B.Quantity ?? double.NaN)),
                ("B − A", measure => RichText.WithError(measure.Difference)),
                ("", measure => measure.Verdict)),
            new Prose("± beside a difference is its standard error: of the differences example by example where the value is a mean "
                + "over examples."),
            missing.Length == 0
                ? null
                : Table.Of(missing, ("Not compared", measure => measure.A.Title), ("Why", measure => measure.NotApplicable!)),
            decisions.Count == 0 ? null : Table.Of(
                decisions, ("Condition on B", decision => decision.Condition.Text), ("Value", decision => decision.Value),
                ("Bound", decision => decision.Bound), ("", decision => decision.Holds ? "holds" : "does not hold")),
        ];
        return new Section("What differs", [.. blocks.OfType<Block>()]);
    }

    private static Section? Examples(Comparison comparison)
    {
        Chart[] charts =
        [
            .. from each in Spread
               let measure = comparison.Measures.FirstOrDefault(measure => measure.A.Id == each.Id)
               where measure is { A.PerExample: { IsDefault: false, Length: > 1 }, B.PerExample: { IsDefault: false, Length: > 1 } }
               select new Chart(
                   $"{measure.A.Title.Replace(", mean", "")}, example by example",
                   new Axis($"A: {each.Axis}"),
                   new Axis($"B: {each.Axis}"),
                   new Dots(measure.A.PerExample, measure.B.PerExample) { Tone = Tone.Blue },
                   Diagonal([.. measure.A.PerExample, .. measure.B.PerExample]))
                   {
                       Caption = "Above the line an example is more complex to B.",
                   },
        ];
        return charts.Length == 0 ? null : new Section("Example by example", charts.Length == 1 ? charts[0] : new SideBySide(charts));
    }

    private static Line Diagonal(double[] values) =>
        new([values.Min(), values.Max()], [values.Min(), values.Max()]) { Tone = Tone.Gray, Dashed = true };

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
