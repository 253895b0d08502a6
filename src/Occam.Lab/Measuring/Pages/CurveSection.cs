using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;

namespace Occam.Lab.Measuring.Pages;

/// <summary>The curves of measures that have one, each in its 95 % interval.</summary>
internal static class CurveSection
{
    // Of the highest point of a curve on a logarithmic scale: what is lower isn't drawn.
    private const double Lowest = 1e-6;

    /// <summary>Makes the section; null where there is no curve.</summary>
    public static Section? Of(IEnumerable<MeasureResult> results)
    {
        Chart[] charts = [.. results.Where(result => result.Curve is not null).Select(result => ChartOf(result, result.Curve!))];
        return charts.Length == 0 ? null : new Section("Curves", charts);
    }

    private static Chart ChartOf(MeasureResult result, MeasureCurve curve)
    {
        var floor = curve.IsPositive ? Lowest * curve.Y.Max(each => each.Value) : double.NegativeInfinity;
        double Above(double value) => Math.Max(value, floor);
        double[] x = [.. curve.X];
        Mark line = new Line(x, [.. curve.Y.Select(each => Above(each.Value))]) { Tone = Tone.Blue, Name = curve.Of };
        Mark[] band = curve.Y.Any(each => each.Interval95 is not null)
            ? [new ErrorBand(
                x, [.. curve.Y.Select(each => Above(each.Interval95?.Low ?? each.Value))],
                [.. curve.Y.Select(each => Above(each.Interval95?.High ?? each.Value))]) { Tone = Tone.Blue, Name = "95 % interval" }]
            : [];
        var title = $"{char.ToUpperInvariant(curve.Of[0])}{curve.Of[1..]}: {result.Name}";
        return new Chart(title, new Axis(curve.Along), new Axis(curve.Of, curve.IsPositive ? Scale.Log : Scale.Linear), [.. band, line])
        {
            Caption = curve.IsPositive ? "What is below a millionth of the highest point is drawn there." : default(RichText?),
        };
    }
}
