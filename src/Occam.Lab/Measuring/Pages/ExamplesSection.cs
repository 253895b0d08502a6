using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;

namespace Occam.Lab.Measuring.Pages;

/// <summary>How quantities are spread over the examples, and which lie at the ends.</summary>
internal static class ExamplesSection
{
    private const int Shown = 10;

    private static readonly (string Id, string Axis, Tone Tone)[] Spread =
    [
        ("geometric-complexity", "‖J(x)‖² (Frobenius)", Tone.Blue),
        ("local-lipschitz", "σ_max(J(x))", Tone.Purple),
        ("margin", "margin of the logits", Tone.Teal),
    ];

    /// <summary>Makes the section; null where nothing was measured by example.</summary>
    public static Section? Of(MeasuredNetwork measured)
    {
        var spread = Spread.Select(each => (each.Axis, each.Tone, Result: measured.Find(each.Id)))
            .Where(each => each.Result is { PerExample: { IsDefault: false, Length: > 1 } }).ToArray();
        if (spread.Length == 0)
        {
            return null;
        }

        var charts = spread.Select(each => Histogram(each.Result!, each.Axis, each.Tone)).ToArray();
        Block[] blocks =
            [charts.Length == 1 ? charts[0] : new SideBySide(charts), .. Extremes(measured, spread[0].Result!, spread[0].Axis)];
        return new Section("Example by example", blocks);
    }

    private static Chart Histogram(MeasureResult result, string axis, Tone tone)
    {
        var isMargin = result.Id == "margin";
        return new Chart(isMargin ? "Margins" : result.ExampleTitle, new Axis(axis), new Axis("examples"),
            new Histogram(result.PerExample) { Tone = tone },
            isMargin ? new VerticalRule(0, "decision") : new VerticalRule(result.PerExample.Average(), "mean"));
    }

    private static IEnumerable<Block> Extremes(MeasuredNetwork measured, MeasureResult result, string quantity)
    {
        var order = Enumerable.Range(0, result.PerExample.Length).OrderByDescending(i => result.PerExample[i]).ToArray();
        if (order.Length < 2 * Shown)
        {
            yield break;
        }

        if (ExamplePicture.Of(measured.Data, order[0]) is not null)
        {
            yield return Pictures(Heading(result, most: true), order.Take(Shown), measured, result);
            yield return Pictures(Heading(result, most: false), order.Reverse().Take(Shown), measured, result);
        }
        else
        {
            yield return new SideBySide(
                Table(Heading(result, most: true), order.Take(Shown), measured, result, quantity),
                Table(Heading(result, most: false), order.Reverse().Take(Shown), measured, result, quantity));
        }

        yield return new Prose("Examples are numbered from 0, as they are in the whole of the data.");
    }

    private static string Heading(MeasureResult result, bool most) => result.Id == "margin"
        ? most ? "The surest" : "The least sure"
        : most ? "Where the function is steepest" : "Where it is flattest";

    private static Thumbnails Pictures(string title, IEnumerable<int> examples, MeasuredNetwork measured, MeasureResult result)
    {
        var margins = measured.Find("margin")?.PerExample ?? [];
        return new Thumbnails(title, [.. examples.Select(i => new Thumbnail(
            ExamplePicture.Of(measured.Data, i)!,
            RichText.Html(
                $"{ClassOf(i)}{Numbers.Format(result.PerExample[i], 3)}<br>example {(long)measured.Data.IndexInWhole(i)}")))]);

        RichText ClassOf(int i) => measured.Data.Labels?[i] is not { } label ? ""
            : !margins.IsDefaultOrEmpty && margins[i] < 0 ? RichText.Html($"class {(long)label}, mistaken<br>")
            : RichText.Html($"class {(long)label}<br>");
    }

    private static Table Table(string caption, IEnumerable<int> examples, MeasuredNetwork measured, MeasureResult result, string quantity)
    {
        var columns = new List<(RichText, Func<int, RichText>)>
        {
            ("Example", i => (long)measured.Data.IndexInWhole(i)),
            (quantity, i => result.PerExample[i]),
        };
        if (measured.Data.Labels is { } labels)
        {
            columns.Insert(1, ("Class", i => (long)labels[i]));
        }

        if (measured.Find("margin") is { PerExample: { IsDefaultOrEmpty: false } margins } && result.Id != "margin")
        {
            columns.Add(("Margin", i => margins[i]));
        }

        return Lab.Reports.Table.Of(examples, columns) with { Caption = caption };
    }
}
