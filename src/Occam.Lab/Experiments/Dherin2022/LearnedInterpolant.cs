using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-open-interpolant: an open question of Dherin et al. 2022, §7, which says that "as we saw in Fig. 1, the interpolating ReLU
/// network with minimal GC is also the piecewise linear function with minimal volume or length". Is what gradient descent finds that
/// function? The ten points of gc-1, trained longer, until they are fitted more closely than the parabola is to the polyline.
/// </summary>
internal sealed class LearnedInterpolant() : Experiment<ParabolaRuns>(
    "gc-open-interpolant",
    "The learned interpolant is the piecewise-linear one",
    Papers.Dherin2022,
    "§7, an open question")
{
    private const double Near = 0.5;
    private const string Source = "§7, an open question";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ParabolaRuns>> JudgedClaims { get; } =
    [
        new("is-polyline",
            "The learned function is the polyline through the points: it is less than half as far from it as the parabola is.", Source,
            runs => IfFitted(runs, Judge.IsBelow(
                "distance of the learned function from the polyline, as a share of the parabola’s (root mean squares),",
                Of(runs, found => found.FromPolyline.Mean / InterpolantDistances.Deviation.Mean), Near, "half as far as the parabola"))),
        new("nearer-to-polyline", "On average over the interval it is nearer to the polyline than to the parabola.", Source,
            runs => IfFitted(runs, Judge.IsBelow(
                "distance from the polyline, as a share of the sum of both distances (root mean squares),",
                Of(runs, found => Share(found.FromPolyline.Mean, found.FromParabola.Mean)), 0.5, "as near to one as to the other"))),
        new("nearer-to-polyline-at-worst", "At its worst place, too, it is nearer to the polyline than to the parabola.", Source,
            runs => IfFitted(runs, Judge.IsBelow(
                "largest difference from the polyline, as a share of the sum of both,",
                Of(runs, found => Share(found.FromPolyline.Largest, found.FromParabola.Largest)), 0.5,
                "as near to one as to the other"))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new ExperimentSize("300 steps", 1, TimeSpan.FromSeconds(2)),
        ExperimentScale.Laptop => new ExperimentSize("100,000 steps", 3, TimeSpan.FromSeconds(30)),
        _ => new ExperimentSize("1,000,000 steps", 10, TimeSpan.FromHours(1)),
    };

    /// <inheritdoc/>
    public override ParabolaRuns Compute(ExperimentContext context)
    {
        context.Progress?.Begin("training");
        return new Parabola(new ParabolaOptions
        {
            Seeds = context.Seeds.Length,
            Seed = context.Seeds[0],
            Steps = context.Scale switch { ExperimentScale.Smoke => 300, ExperimentScale.Laptop => 100_000, _ => 1_000_000 },
            Parallel = context.Threads,
            Progress = share => context.Progress?.Report(share),
            Cancellation = context.Cancellation,
        }).Run();
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ParabolaRuns runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        double[] fine = [.. Enumerable.Range(0, 401).Select(i => -1 + (i / 200.0))];
        return new ExperimentFigure
        {
            Summary = RichText.Html(
                $"Between ten points of a parabola the shortest curve, and the one of least complexity, is straight. The parabola itself ",
                $"is at most {Numbers.Format(InterpolantDistances.Deviation.Largest, 3)} away from it. A network is trained until it fits ",
                $"the points more closely than that, and set against both."),
            Panels =
            [
                new Section(
                    "Less the parabola",
                    new Chart(
                        "The learned functions, less x²",
                        new Axis("x"),
                        new Axis("f(x) − x²"),
                        [
                            .. runs.Runs.Select(run => new Line(run.End.X, [.. run.End.X.Zip(run.End.Y, (x, y) => y - (x * x))])
                            {
                                Name = $"seed {run.Seed}",
                            }),
                            new Line(fine, [.. fine.Select(x => Polyline(x) - (x * x))])
                            {
                                Name = "polyline through the points", Tone = Tone.Gray, Dashed = true,
                            },
                        ])
                    {
                        Caption = "At 0 lies the parabola, on the broken line the polyline.",
                    }),
            ],
            Settings =
            [
                .. ParabolaPage.Settings(runs),
                new("the polyline", $"nearer to it on average than {100 * Near:0} % of what the parabola is away", Origin.Chosen),
                new("fitted", $"a root mean squared error at the points of at most {100 * Near:0} % of that", Origin.Chosen),
            ],
            Tables =
            [
                RawTable.Of(
                    "distances", "each learned function’s distances",
                    runs.Runs.Select(run => (Run: run, Found: InterpolantDistances.Of(run.End))),
                    ("seed", row => row.Run.Seed),
                    ("loss", row => row.Run.Track[^1].Loss),
                    ("from_polyline", row => row.Found.FromPolyline.Mean),
                    ("from_polyline_largest", row => row.Found.FromPolyline.Largest),
                    ("from_parabola", row => row.Found.FromParabola.Mean),
                    ("from_parabola_largest", row => row.Found.FromParabola.Largest)),
                RawTable.Of(
                    "functions", "the corners of each learned function",
                    runs.Runs.SelectMany(run => run.End.X.Zip(run.End.Y, (x, y) => (run.Seed, X: x, Y: y))),
                    ("seed", row => row.Seed), ("x", row => row.X), ("y", row => row.Y)),
            ],
        };
    }

    private static double[] Of(ParabolaRuns runs, Func<InterpolantDistances, double> quantity) =>
        [.. runs.Runs.Select(run => quantity(InterpolantDistances.Of(run.End)))];

    private static Finding IfFitted(ParabolaRuns runs, Finding finding)
    {
        double[] misses = [.. runs.Runs.Select(run => Math.Sqrt(run.Track[^1].Loss) / InterpolantDistances.Deviation.Mean)];
        return finding.If(
            misses.All(miss => miss <= Near),
            misses.All(double.IsFinite)
                ? $"a function misses the points by {Numbers.Format(100 * misses.Max(), 3)} % of the parabola’s distance from the polyline"
                : "a training diverged");
    }

    private static double Share(double own, double other) => own / (own + other);

    private static double Polyline(double x)
    {
        var i = Math.Clamp((int)((x + 1) / 2 * (Parabola.Points - 1)), 0, Parabola.Points - 2);
        var (left, right) = (Parabola.X[i], Parabola.X[i + 1]);
        return Parabola.Y[i] + ((Parabola.Y[i + 1] - Parabola.Y[i]) * (x - left) / (right - left));
    }
}
