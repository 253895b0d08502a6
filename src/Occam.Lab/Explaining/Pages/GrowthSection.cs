using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Training;

namespace Occam.Lab.Explaining.Pages;

/// <summary>How complexity grew: what was recorded on the way.</summary>
internal static class GrowthSection
{
    private const double RangeOfLogScale = 30;

    public static Section? Of(Explanation explanation)
    {
        Chart[] charts = [.. explanation.Growth.Select(family => ChartOf(family))];
        Block[] blocks =
        [
            .. charts.Chunk(2).Select(pair => pair.Length == 1 ? (Block)pair[0] : new SideBySide(pair)),
            .. explanation.Place is { } place ? Ends(place, explanation.Moment) : [],
        ];
        return blocks.Length == 0 ? null : new Section("How complexity grew", blocks);
    }

    private static Chart ChartOf(MetricFamily family)
    {
        var values = family.Series.SelectMany(series => series.Value.Select(metric => metric.Value)).Where(double.IsFinite).ToArray();
        var isLog = values.Length > 0 && values.Min() > 0 && values.Max() > RangeOfLogScale * values.Min();
        var title = TitleOf(family);
        return new Chart(
            title, new Axis("step"), new Axis(family.Name, isLog ? Scale.Log : Scale.Linear),
            [.. family.Series.SelectMany(series => Marks(series.Key, series.Value))])
        {
            Caption = CaptionOf(family),
        };
    }

    private static IEnumerable<Mark> Marks(string name, IReadOnlyList<Metric> metrics)
    {
        double[] steps = [.. metrics.Select(metric => (double)metric.Step)];
        double[] values = [.. metrics.Select(metric => metric.Value)];
        if (metrics.Any(metric => metric.StandardError > 0))
        {
            yield return ErrorBand.Around(steps, values, [.. metrics.Select(metric => metric.StandardError)]) with { Name = name };
        }

        yield return new Line(steps, values) { Name = name };
    }

    private static string TitleOf(MetricFamily family) => family.Name switch
    {
        "loss" => "Loss",
        "accuracy" => "Accuracy",
        "bias-trajectory" => "Path of the biases",
        "bias-variance" => "Spread of the biases",
        "distance-to-initialization" => "Distance from the first biases",
        "steadiness" => "Longest step of the biases",
        _ => family.Measure is { } measure ? $"{measure.Title}{(family.Name == measure.Id ? "" : $" ({family.Name})")}" : family.Name,
    };

    private static RichText CaptionOf(MetricFamily family)
    {
        var last = family.Series.MinBy(series => series.Key.Length).Value;
        var (first, end) = (last[0], last[^1]);
        var change = RichText.Html($"It went from {first.Quantity} to {end.Quantity}.");
        return family.Name switch
        {
            "loss" =>
                "Where the training loss goes on falling while the test loss rises, the network has begun to learn its examples by heart.",
            "accuracy" => "The gap between the curves is what was learned and does not carry over to new examples.",
            "bias-trajectory" => "The length of the way that the first layer’s biases went in each window: the steeper the function and "
                + "the larger the error, the longer (Loukas et al. 2021, Theorem 1). One that ends early has found a simple function.",
            "bias-variance" => "How far the biases wander once the loss is low: more near a complex function than near a simple one "
                + "(Loukas et al. 2021, Corollary 1).",
            "distance-to-initialization" =>
                "How far the biases are from where they began: a complex function lies further away (Loukas et al. 2021, Corollary 3).",
            "steadiness" => "The longest single step of a window: learning that has become steady takes short ones.",
            _ when family.Measure is GeometricComplexity or DirichletEnergy =>
                RichText.Html(
                    $"{(family.Measure is DirichletEnergy ? "Half the" : "The")} mean squared slope at the data: it rises as fitting ",
                    $"demands, and what holds it down shows in where it levels off. {change}"),
            _ when family.Measure is { } measure => RichText.Html($"{RichText.Formulas(measure.Definition)} ({measure.Source}). {change}"),
            _ => change,
        };
    }

    private static Block[] Ends(Placement place, string moment) =>
    [
        Table.Of(
            ((string Moment, MeasureResult? Result)[])[
                ("before the first step", place.Initial), ("at the best moment", place.Best), (moment, place.Complexity),
            ],
            ("Network", row => row.Moment),
            ("Geometric complexity", row => row.Result is { Quantity: { } complexity } ? complexity : "not kept")),
        new Prose(
            $"Measured now, all on the same examples: {place.Data}. "
                + (place.Complexity.Exact ? "The values are exact on these; " : "The values are estimates with standard errors; ")
                + (place.Complexity is { PerExample.Length: > 1, StandardErrorOverExamples: { } error }
                    ? $"{NumberText.OverExamples} the last would vary by {NumberText.Error(error)}."
                    : "one example can’t tell how others would be.")),
    ];
}
