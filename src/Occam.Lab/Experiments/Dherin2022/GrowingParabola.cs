using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures.Graphs;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-1: Figure 1 of Dherin et al. 2022, the ten points of gor-1 and the function as it learns them, tracked throughout.
/// <see cref="Parabola"/> says what is stated and what was chosen.
/// </summary>
internal sealed class GrowingParabola() : ParabolaFigure(
    "gc-1",
    "Complexity grows as the points demand it, and no further",
    Papers.Dherin2022,
    "Figure 1")
{
    private const int MostFrames = 60;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ParabolaRuns>> JudgedClaims =>
    [
        ParabolaClaims.Grows, ParabolaClaims.IsShortestForItsError, ParabolaClaims.IsShortestForItsValues, ParabolaClaims.StartsNearZero,
    ];

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ParabolaRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = RichText.Html(
            $"A ReLU network of three hidden layers of 300 units learns ten points of <var>y</var> = <var>x</var>². At every ",
            $"recorded step its exact arc length is set against the shortest curve of the same training error, and against the ",
            $"shortest one through its own values at the ten points, the straight lines from one to the next."),
        Panels =
        [
            new Section("Figure 1", Animation(runs.Runs[0])),
            new Section(
                "Complexity through training",
                new SideBySide(
                    Curves("Arc length", new Axis("length over [−1, 1]"), runs.Runs, point => point.ArcLength,
                        new HorizontalRule(Parabola.ShortestLength, "shortest through the points")),
                    Curves(
                        "Geometric complexity", new Axis("geometric complexity, mean ‖∇f‖²"), runs.Runs,
                        point => 2 * point.DirichletEnergy),
                    Curves("Training loss", new Axis("mean squared error", Scale.Log), runs.Runs, point => point.Loss)),
                new Prose("Means over the seeds in bands of two standard errors. Before the first step, drawn at ½, nothing is "
                    + "learned yet.")),
            new Section(
                "As short as its training error allows?",
                new SideBySide(
                    Against("Of the same training error", "shortest of its training error", runs.Runs, point => point.ShortestForItsError),
                    Against("Through the same values", "shortest through its values", runs.Runs, point => point.ShortestForItsValues)),
                new Prose(
                    "A point for each recorded step: on the line the function would be the shortest of all with its training error (left), "
                        + "or of all with its values at the ten points (right). The paper speaks of the training error.")),
        ],
        Settings =
        [
            .. ParabolaPage.Settings(runs), ParabolaClaims.StaysNear, .. ParabolaClaims.GrowthAndStart,
        ],
        Tables = [Track(runs)],
    };

    private static Frames Animation(ParabolaRun run)
    {
        var stride = Math.Max(1, (run.Track.Length + MostFrames - 1) / MostFrames);
        var shown = run.Track.Zip(run.Functions).Where((_, i) => i % stride == 0 || i == run.Track.Length - 1);
        return new Frames("The function as it learns", new Axis("x"), new Axis("f(x)", Minimum: -0.25, Maximum: 1.1),
        [
            .. shown.Select(pair => new Panel(
                $"step {pair.First.Step:N0}: length {pair.First.ArcLength:0.000}",
                new Line(pair.Second.X, pair.Second.Y) { Name = "learned function", Tone = Tone.Ink },
                new Line(
                    Parabola.X, pair.Second.Predictions) { Name = "shortest through these values", Tone = Tone.Red, Dashed = true },
                new Line(Parabola.X, ShortestCurve.Of(Parabola.X, Parabola.Y, pair.First.Loss).Values)
                {
                    Name = "shortest of this training error", Tone = Tone.Green, Dashed = true,
                })),
        ])
        {
            Always = [new Dots(Parabola.X, Parabola.Y) { Name = "data", Tone = Tone.Blue, Hollow = true }],
            Caption = "All corners of the learned function are computed.",
        };
    }

    private static Chart Curves(
        string title, Axis y, IReadOnlyList<ParabolaRun> runs, Func<ParabolaPoint, double> quantity, params Mark[] also) =>
        new(title, new Axis("step", Scale.Log), y,
        [
            .. SeedCurve.Of(
                "learned function", ParabolaPage.Steps(runs[0]),
                [.. runs.Select(run => (IReadOnlyList<double>)[.. run.Track.Select(quantity)])]),
            .. also,
        ]);

    private static Chart Against(string title, string axis, IReadOnlyList<ParabolaRun> runs, Func<ParabolaPoint, double> shortest)
    {
        var points = runs.SelectMany(run => run.Track).ToArray();
        double[] ends = [points.Min(shortest), points.Max(shortest)];
        return new Chart(title, new Axis(axis), new Axis("arc length"),
            new Line(ends, ends) { Name = "the shortest", Tone = Tone.Gray, Dashed = true },
            new Dots([.. points.Select(shortest)], [.. points.Select(point => point.ArcLength)])
            {
                Name = "recorded steps",
                Hollow = true,
            });
    }
}
