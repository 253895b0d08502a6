using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Measuring.Pages;

/// <summary>Two networks example by example: all of them as points, and those at which they differ most.</summary>
internal static class ComparedExamples
{
    private const int Shown = 10;
    private const double RangeOfLogScale = 50;

    private static readonly (string Id, string Axis, string Above)[] s_spread =
    [
        ("geometric-complexity", "squared slope at the example", "Above the line the function of B is the steeper one at that example."),
        ("local-lipschitz", "slope in the steepest direction", "Above the line the function of B is the steeper one at that example."),
        ("margin", "margin", "Above the line B is the surer one of that example."),
    ];

    /// <summary>Makes the section; null where nothing was measured by example.</summary>
    public static Section? Of(Comparison comparison)
    {
        var compared = (
            from each in s_spread
            let measure = comparison.Find(each.Id)
            where measure is { A.PerExample: { IsDefault: false, Length: > 1 }, B.PerExample: { IsDefault: false, Length: > 1 } }
                && measure.A.PerExample.Length == measure.B.PerExample.Length
            select (each.Axis, each.Above, Measure: measure)).ToArray();
        if (compared.Length == 0)
        {
            return null;
        }

        Chart[] charts = [.. compared.Select(each => Scatter(each.Measure, each.Axis, each.Above))];
        return new Section("Example by example", [
            charts.Length == 1 ? charts[0] : new SideBySide(charts),
            .. Extremes(comparison, compared[0].Measure, compared[0].Axis)]);
    }

    private static Chart Scatter(MeasureComparison measure, string axis, string above)
    {
        double[] values = [.. measure.A.PerExample, .. measure.B.PerExample];
        var isWide = values.All(value => value > 0 && double.IsFinite(value)) && values.Max() > RangeOfLogScale * values.Min();
        var scale = isWide ? Scale.Log : Scale.Linear;
        double[] ends = [values.Where(double.IsFinite).DefaultIfEmpty(0).Min(), values.Where(double.IsFinite).DefaultIfEmpty(0).Max()];
        return new Chart(
            measure.A.ExampleTitle,
            new Axis($"A: {axis}", scale), new Axis($"B: {axis}", scale),
            new Dots(measure.A.PerExample, measure.B.PerExample) { Tone = Tone.Blue },
            new Line(ends, ends) { Tone = Tone.Gray, Dashed = true, Name = "equal" })
        {
            Caption = above,
        };
    }

    private static IEnumerable<Block> Extremes(Comparison comparison, MeasureComparison measure, string axis)
    {
        var differences = measure.B.PerExample.Zip(measure.A.PerExample, (b, a) => b - a).ToArray();
        var order = Enumerable.Range(0, differences.Length).OrderByDescending(i => differences[i]).ToArray();
        if (order.Length < 2 * Shown)
        {
            yield break;
        }

        var word = axis.StartsWith("margin", StringComparison.Ordinal) ? "surer" : "steeper";
        int[] most = [.. order.TakeWhile(i => differences[i] > 0).Take(Shown)];
        int[] least = [.. order.Reverse().TakeWhile(i => differences[i] < 0).Take(Shown)];
        if (most.Length > 0)
        {
            yield return Shows($"Where B is {word} than A, by how much", most);
        }

        if (least.Length > 0)
        {
            yield return Shows($"Where A is {word} than B, by how much", least);
        }

        yield return new Prose("Examples are numbered from 0, as they are in the whole of the data.");

        Block Shows(string heading, int[] examples) => ExamplePicture.Of(comparison.A.Data, examples[0]) is null
            ? Rows(comparison, measure, differences, examples) with { Caption = heading }
            : Pictures(comparison, differences, examples, heading);
    }

    private static Thumbnails Pictures(Comparison comparison, double[] differences, int[] examples, string heading)
    {
        var data = comparison.A.Data;
        return new Thumbnails(heading, [.. examples.Select(i => new Thumbnail(
            ExamplePicture.Of(data, i)!,
            RichText.Html($"{ClassOf(i)}{Signed(differences[i])}<br>example {(long)data.IndexInWhole(i)}")))]);

        RichText ClassOf(int i) => data.Labels?[i] is { } label ? RichText.Html($"class {(long)label}<br>") : "";
    }

    private static Table Rows(Comparison comparison, MeasureComparison measure, double[] differences, int[] examples) => Table.Of(
        examples,
        ("Example", i => (long)comparison.A.Data.IndexInWhole(i)),
        ("A", i => measure.A.PerExample[i]),
        ("B", i => measure.B.PerExample[i]),
        ("B − A", i => differences[i]));

    private static string Signed(double difference) => $"{(difference > 0 ? "+" : "")}{Numbers.Format(difference, 3)}";
}
