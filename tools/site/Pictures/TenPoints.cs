using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Site.Pictures;

/// <summary>Networks that learn ten points of a parabola: calm and wild ones, their slopes, and one while it learns.</summary>
internal static class TenPoints
{
    private const long LastStep = 40_000;
    private const double LearningRate = 0.02;
    private const double Wild = 3;
    private const double LargestError = 0.001;
    private const double Reach = 0.08;

    private static readonly double[] s_spreads = [1, 1.5, 2, 2.5, 3, 4];
    private static readonly double[] s_x = [.. Enumerable.Range(0, 10).Select(i => -1 + (2 * i / 9.0))];
    private static readonly double[] s_y = [.. s_x.Select(x => x * x)];
    private static readonly Lazy<LearnedCurve[]> s_learned = new(() => Checked(
        [.. s_spreads.Select(spread => LearnedCurve.Train(s_x, s_y, spread, RateOf(spread), LastStep)[0])],
        curves => curves[^1].Complexity > 5 * curves[0].Complexity && curves[^1].Length > 1.5 * curves[0].Length));

    private static Dots Data => new(s_x, s_y) { Name = "the ten points", Tone = Tone.Blue, Hollow = true };

    /// <summary>Six networks of one shape through the same ten points, from calm to wild.</summary>
    public static Block Curves() => new SmallMultiples(
        "Six networks of one shape, through the same ten points", new Axis("x"), new Axis("f(x)"), 3,
        [
            .. s_learned.Value.Select(curve => new Panel(
                $"complexity {Numbers.Format(curve.Complexity, 3)}, length {Numbers.Format(curve.Length, 3)}",
                new Line(curve.X, curve.Y) { Name = "learned function", Tone = Tone.Ink })),
        ])
    {
        Always = [Data],
        Caption = RichText.Html(
            $"A ReLU network 1-200-200-1, {LastStep} steps of plain gradient descent. All that differs is how large its weights and ",
            $"biases are at first: {string.Join(", ", s_spreads)} times the usual. The mean squared error on the ten points is at ",
            $"most {s_learned.Value.Max(curve => curve.Loss)}. Geometric complexity is measured at the ten points; the length is ",
            $"that of the whole curve."),
    };

    /// <summary>Tangents at the ten points of a calm function and of a wild one.</summary>
    public static Block Slopes() => new SmallMultiples(
        "The slope at each of the points", new Axis("x"), new Axis("f(x)"), 2,
        [
            .. new[] { s_learned.Value[0], s_learned.Value[3] }.Select(curve => new Panel(
                $"mean squared slope {Numbers.Format(curve.Slopes.Average(slope => slope * slope), 3)}",
                [
                    new Line(curve.X, curve.Y) { Name = "learned function", Tone = Tone.Gray },
                    .. s_x.Index().Select(point => Tangent(point.Item, curve.Values[point.Index], curve.Slopes[point.Index])),
                ])),
        ])
    {
        Always = [Data],
        Caption = "Two of the functions above, with their tangents. Geometric complexity is the mean of the tangents' squared slopes.",
    };

    /// <summary>The error and the complexity of one network while it learns.</summary>
    public static Block Learning()
    {
        long[] steps = [0, .. Enumerable.Range(0, 60).Select(i => (long)Math.Round(Math.Pow(LastStep, i / 59.0))).Distinct()];
        var curves = LearnedCurve.Train(s_x, s_y, 1, LearningRate, steps);
        double[] places = [.. curves.Select(curve => Math.Max(0.5, curve.Step))];
        Chart Of(string title, string axis, Scale scale, Func<LearnedCurve, double> value) => new(
            title, new Axis("step", Scale.Log), new Axis(axis, scale),
            new Line(places, [.. curves.Select(value)]) { Tone = Tone.Ink });
        return new SideBySide(
            Of("The error falls", "mean squared error", Scale.Log, curve => curve.Loss),
            Of("Complexity grows, and then stays", "geometric complexity", Scale.Linear, curve => curve.Complexity));
    }

    /// <summary>One wild beginning, and what larger and larger steps make of it.</summary>
    public static Block Rates()
    {
        double[] rates = [.. new[] { 1.0, 2, 3 }.Select(times => times * RateOf(Wild))];
        var learned = Checked(
            [.. rates.Select(rate => LearnedCurve.Train(s_x, s_y, Wild, rate, LastStep)[0])],
            curves => curves.Skip(1).All(curve => curve.Complexity < curves[0].Complexity / 2));
        return new SmallMultiples(
            "One wild beginning, and three learning rates", new Axis("x"), new Axis("f(x)"), 3,
            [
                .. rates.Zip(learned, (rate, curve) => new Panel(
                    $"rate {Numbers.Format(rate, 2)}: complexity {Numbers.Format(curve.Complexity, 3)}",
                    new Line(curve.X, curve.Y) { Name = "learned function", Tone = Tone.Ink })),
            ])
        {
            Always = [Data],
            Caption = RichText.Html(
                $"A ReLU network 1-200-200-1 whose weights and biases are {Wild} times as large as usual at first, the same ones each ",
                $"time, after {LastStep} steps of plain gradient descent on all ten points. The mean squared error is at most ",
                $"{learned.Max(curve => curve.Loss)}."),
        };
    }

    // What the pages say of a picture has to be so wherever the site is built.
    private static LearnedCurve[] Checked(LearnedCurve[] curves, Func<LearnedCurve[], bool> isAsTold) =>
        curves.All(curve => curve.Loss < LargestError) && isAsTold(curves)
            ? curves
            : throw new OccamException(
                "the networks of a picture aren't as its page says: complexities "
                    + $"{string.Join(", ", curves.Select(curve => Numbers.Format(curve.Complexity, 3)))}, errors "
                    + string.Join(", ", curves.Select(curve => Numbers.Format(curve.Loss, 3))));

    // Large weights take small steps, or training diverges.
    private static double RateOf(double spread) => LearningRate / Math.Pow(spread, 4);

    // As long for every slope.
    private static Line Tangent(double x, double y, double slope)
    {
        var half = Reach / Math.Sqrt(1 + (slope * slope));
        return new Line([x - half, x + half], [y - (half * slope), y + (half * slope)]) { Name = "tangent", Tone = Tone.Red };
    }
}
