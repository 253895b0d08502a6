using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>What the figures of Neyshabur et al. 2017 are drawn from.</summary>
internal static class CapacityFigure
{
    private const double HighestSharpness = 0.4;

    private static readonly ImmutableArray<Tone> s_tones = [Tone.Blue, Tone.Orange, Tone.Green, Tone.Purple];

    /// <summary>A number as it stands in text, with groups of three digits.</summary>
    public static string Number(double value) => Numbers.Format((long)value);

    /// <summary>A share in percent as it stands in text.</summary>
    public static string Percent(double share) => $"{Numbers.Format(100 * share, 3)}\u00A0%";

    /// <summary>A quantity by level: the mean of the seeds, in a band of two standard errors.</summary>
    public static IEnumerable<Mark> Curve<T>(string name, Tone tone, IEnumerable<T> runs, Func<T, double> quantity)
        where T : ISeededRun
    {
        var (levels, means, errors) = Means(runs, quantity);
        yield return ErrorBand.Around(levels, means, errors) with { Name = name, Tone = tone };
        yield return new Line(levels, means) { Name = name, Tone = tone };
        yield return new Dots(levels, means) { Name = name, Tone = tone };
    }

    /// <summary>
    /// A quantity of which decimal logarithms are given, on a logarithmic axis: the seeds' geometric mean, in a band of two standard errors
    /// of the logarithm.
    /// </summary>
    public static IEnumerable<Mark> GeometricCurve<T>(
        string name, Tone tone, IEnumerable<T> runs, Func<T, double> logarithm, double less = 0)
        where T : ISeededRun
    {
        var (levels, means, errors) = Means(runs, logarithm);
        double[] At(double side) => [.. means.Select((mean, i) => Math.Pow(10, mean + (side * errors[i]) - less))];
        yield return new ErrorBand(levels, At(-1), At(1)) { Name = name, Tone = tone };
        yield return new Line(levels, At(0)) { Name = name, Tone = tone };
        yield return new Dots(levels, At(0)) { Name = name, Tone = tone };
    }

    /// <summary>The three panels of Figures 3 and 4: errors, measures, and the curves of sharpness and KL divergence.</summary>
    /// <param name="x">The axis of the levels.</param>
    /// <param name="shade">The colours of the levels.</param>
    /// <param name="runs">The trainings.</param>
    public static SideBySide Panels(Axis x, ShadeScale shade, IReadOnlyList<MeasuredTraining> runs) => new(
        new Chart("Errors", x, new Axis("share of errors", Minimum: 0),
        [
            .. Curve("training", Tone.Blue, runs, run => run.Trained.TrainingError),
            .. Curve("test", Tone.Red, runs, run => run.Trained.TestError),
        ]),
        Measures("Measures", x, runs, (values, norm) => values.OverMargin(norm), sharpness: true),
        BiCriteria("Sharpness and KL divergence", shade, runs.Select(run => run.Sharpness)));

    /// <summary>All measures in one panel, each over its smallest mean: only how they change is compared.</summary>
    public static Chart Measures(
        RichText title, Axis x, IReadOnlyList<MeasuredTraining> runs, Func<NormValues, int, double> norm, bool sharpness)
    {
        IEnumerable<(string Name, Tone Tone, Func<MeasuredTraining, double> Logarithm)> all =
            NormValues.Names.Select((name, i) => (name, s_tones[i], (Func<MeasuredTraining, double>)(run => norm(run.Norms, i))));
        if (sharpness)
        {
            all = all.Append(("maximum sharpness", Tone.Red, run => Math.Log10(run.Sharpness.Max)));
        }

        return new Chart(title, x, new Axis("measure, over its smallest", Scale.Log),
        [
            .. all.SelectMany(measure =>
            {
                var least = Means(runs, measure.Logarithm).Means.Where(double.IsFinite).DefaultIfEmpty(0).Min();
                return GeometricCurve(measure.Name, measure.Tone, runs, measure.Logarithm, least);
            }),
        ]);
    }

    /// <summary>
    /// Expected sharpness against the KL divergence, a line for each level: the mean of the seeds at each size of the perturbations.
    /// </summary>
    public static Chart BiCriteria(RichText title, ShadeScale shade, IEnumerable<SharpnessValues> runs) => new(
        title,
        new Axis("KL divergence", Scale.Log),
        new Axis("expected sharpness", Minimum: 0, Maximum: HighestSharpness),
        [
            .. runs.ByLevel().Select(group =>
            {
                var points = Enumerable.Range(0, group.First().Curve.Length).Select(i => (
                    Kl: Math.Pow(10, group.Average(run => Math.Log10(run.Curve[i].Kl))),
                    Sharpness: group.Average(run => run.Curve[i].Sharpness))).ToArray();

                // What lies far above the panel would only be drawn outside it; the first such point leads out of it.
                var inside = points.TakeWhile(point => point.Sharpness <= HighestSharpness).Count();
                var shown = points[..Math.Min(inside + 1, points.Length)];
                return new Line(
                    [.. shown.Select(point => point.Kl)], [.. shown.Select(point => Math.Min(point.Sharpness, HighestSharpness))])
                {
                    Name = group.First().Group, Shade = group.Key,
                };
            }),
            new HorizontalRule(SharpnessValues.PaperLevel, Numbers.Format(SharpnessValues.PaperLevel)),
        ])
    {
        Shade = shade,
    };

    /// <summary>All of a figure's raw data.</summary>
    public static ImmutableArray<RawTable> Tables(IReadOnlyList<MeasuredTraining> runs) =>
    [
        Trainings(runs.Select(run => run.Trained)), Norms(runs.Select(run => run.Norms)),
        .. Sharpness([.. runs.Select(run => run.Sharpness)]),
    ];

    /// <summary>The trainings as a table.</summary>
    public static RawTable Trainings(IEnumerable<TrainedRun> trained) => RawTable.Of(
        "trainings",
        "how each training ended",
        trained,
        ("group", run => run.Group),
        ("level", run => run.Level),
        ("seed", run => run.Seed),
        ("random_labels", run => run.Random ? 1 : 0),
        ("epochs", run => run.Epochs),
        ("training_cross_entropy", run => run.Loss),
        ("training_error", run => run.TrainingError),
        ("test_error", run => run.TestError),
        ("fitted", run => run.Fitted ? 1 : 0));

    /// <summary>The norms as a table.</summary>
    public static RawTable Norms(IEnumerable<NormValues> runs) => RawTable.Of(
        "norms",
        "margins that shares of the examples fall short of; decimal logarithms of the norms over the square of that of 0.05, and of the "
            + "capacities with the terms in depth and units",
        runs,
        [
            ("group", run => run.Group), ("seed", run => run.Seed), ("random_labels", run => run.Random ? 1 : 0),
            .. NormValues.Shares.Select((share, i) => (
                FormattableString.Invariant($"margin_of_{share}"), (Func<NormValues, object?>)(run => run.Margins[i]))),
            .. NormValues.Names.Select(
                (name, i) => ($"log10_{Column(name)}_over_margin", (Func<NormValues, object?>)(run => run.OverMargin(i)))),
            .. NormValues.Names.Select(
                (name, i) => ($"log10_{Column(name)}_capacity", (Func<NormValues, object?>)(run => run.Capacity(i)))),
        ]);

    /// <summary>The sharpness as two tables: a number each, and the curves.</summary>
    public static IEnumerable<RawTable> Sharpness(IReadOnlyList<SharpnessValues> runs)
    {
        yield return RawTable.Of(
            "sharpness",
            "maximum sharpness, and the decimal logarithm of the KL divergence at an expected sharpness of 0.05",
            runs,
            ("group", run => run.Group),
            ("seed", run => run.Seed),
            ("random_labels", run => run.Random ? 1 : 0),
            ("max_sharpness", run => run.Max),
            ("log10_kl_at_0.05", run => run.LogKl()));
        yield return RawTable.Of(
            "pac-bayes-curves",
            "expected sharpness and KL divergence at each size of the perturbations",
            runs.SelectMany(run => run.Curve.Select(point => (Run: run, Point: point))),
            ("group", row => row.Run.Group),
            ("seed", row => row.Run.Seed),
            ("random_labels", row => row.Run.Random ? 1 : 0),
            ("alpha", row => row.Point.Alpha),
            ("expected_sharpness", row => row.Point.Sharpness),
            ("standard_error", row => row.Point.StandardError),
            ("kl", row => row.Point.Kl));
    }

    /// <summary>What the reader must know where networks didn't fit what they were trained on.</summary>
    public static IEnumerable<RichText> Unfitted(IReadOnlyList<TrainedRun> trained)
    {
        var unfitted = trained.Where(run => !run.Fitted).ToArray();
        if (unfitted.Length > 0)
        {
            yield return $"{unfitted.Length} of {trained.Count} trainings ended before they were as far as the settings ask "
                + $"({string.Join("; ", unfitted.Select(run => run.Group).Distinct())}): their training cross-entropy is "
                + $"{Numbers.Format(unfitted.Max(run => run.Loss), 2)} at most, and their share of training errors "
                + $"{Percent(unfitted.Max(run => run.TrainingError))}.";
        }
    }

    private static string Column(string name) => name.Replace("ℓ", "l", StringComparison.Ordinal).Replace(' ', '_');

    private static (double[] Levels, double[] Means, double[] Errors) Means<T>(IEnumerable<T> runs, Func<T, double> quantity)
        where T : ISeededRun
    {
        SeedGroup[] groups = [.. runs.Values(quantity).Select(group => group.Finite)];
        return (
            [.. groups.Select(group => group.Level)],
            [.. groups.Select(group => group.Values.Count > 0 ? group.Values.Mean() : double.NaN)],
            [.. groups.Select(group => 2 * group.Mean.StandardError)]);
    }
}
