using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-1: Figure 1 of Dherin et al. 2022, the ten points of gor-1 and the function as it learns them, tracked throughout.
/// <see cref="Parabola"/> says what is stated and what was chosen.
/// </summary>
public sealed class GrowingParabola() : Experiment(
    "gc-1",
    "Complexity grows as the points demand it, and no further",
    Papers.Dherin2022,
    "Figure 1")
{
    private const int SmokeSteps = 300;
    private const int MostFrames = 60;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims => [ParabolaClaims.All[1], ParabolaClaims.All[2]];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new ParabolaExperiment().Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        context.Progress?.Begin("training");
        var functions = new List<(ParabolaPoint Point, ParabolaFunction Function)>();
        var parabola = new Parabola(new ParabolaOptions
        {
            Seeds = context.Seeds.Length,
            Seed = context.Seeds[0],
            Steps = context.Scale == ExperimentScale.Smoke ? SmokeSteps : ParabolaOptions.PaperSteps,
            Parallel = context.Threads,
            Recorded = (index, point, function) =>
            {
                // One training records from one thread.
                if (index == 0)
                {
                    functions.Add((point, function));
                }
            },
            Progress = share => context.Progress?.Report(share),
            Cancellation = context.Cancellation,
        });
        var runs = parabola.Run();
        VerdictBlock[] verdicts = [.. ParabolaClaims.Judge(parabola, runs).Skip(1).Take(2)];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = RichText.Html(
                $"A ReLU network of three hidden layers of 300 units learns ten points of <var>y</var> = <var>x</var>². At every ",
                $"recorded step its exact arc length is set against the shortest curve with the same values at the ",
                $"ten points, the straight lines from one to the next."),
            Verdicts = [.. verdicts],
            Panels =
            [
                new Section("Figure 1", Animation(parabola, functions)),
                new Section(
                    "Complexity through training",
                    new SideBySide(
                        Curves("Arc length", new Axis("length over [−1, 1]"), runs, point => point.ArcLength,
                            new HorizontalRule(parabola.ShortestLength, "shortest through the points")),
                        Curves("Geometric complexity", new Axis("⟨f, D⟩ = mean ‖∇f‖²"), runs, point => 2 * point.DirichletEnergy),
                        Curves("Training loss", new Axis("mean squared error", Scale.Log), runs, point => point.Loss)),
                    new Prose("Means over the seeds in bands of two standard errors. Before the first step, drawn at ½, nothing is "
                        + "learned yet.")),
                new Section(
                    "As short as its values allow?",
                    Against(runs),
                    new Prose(
                        "A point for each recorded step: were it on the line, the function were the shortest through its values at the "
                            + "ten points. The paper speaks of the shortest for a training error; through other values of the same error "
                                + "a curve may be shorter still.")),
            ],
            Settings = ParabolaPage.Settings(parabola),
            Tables = [Track(runs)],
        };
    }

    private static Frames Animation(Parabola parabola, List<(ParabolaPoint Point, ParabolaFunction Function)> functions)
    {
        var stride = Math.Max(1, (functions.Count + MostFrames - 1) / MostFrames);
        var shown = functions.Where((_, i) => i % stride == 0 || i == functions.Count - 1);
        return new Frames("The function as it learns", new Axis("x"), new Axis("f(x)", Minimum: -0.25, Maximum: 1.1),
        [
            .. shown.Select(pair => new Panel(
                $"step {pair.Point.Step:N0}: length {pair.Point.ArcLength:0.000}",
                new Line(pair.Function.X, pair.Function.Y) { Name = "learned function", Tone = Tone.Ink },
                new Line(
                    parabola.X, pair.Function.Predictions) { Name = "shortest through these values", Tone = Tone.Red, Dashed = true })),
        ])
        {
            Always = [new Dots(parabola.X, parabola.Y) { Name = "data", Tone = Tone.Blue, Hollow = true }],
            Caption = "All corners of the learned function are computed. The broken line joins its values at the ten points.",
        };
    }

    private static Chart Curves(
        string title, Axis y, IReadOnlyList<ParabolaRun> runs, Func<ParabolaPoint, double> quantity, params Mark[] also) =>
        new(title, new Axis("step", Scale.Log), y,
        [
            .. SeedCurve.Of(
                "learned function", [.. runs[0].Track.Select(point => Math.Max(point.Step, 0.5))],
                [.. runs.Select(run => (IReadOnlyList<double>)[.. run.Track.Select(quantity)])]),
            .. also,
        ]);

    private static Chart Against(IReadOnlyList<ParabolaRun> runs)
    {
        var points = runs.SelectMany(run => run.Track).ToArray();
        double[] ends = [points.Min(point => point.ShortestForItsValues), points.Max(point => point.ShortestForItsValues)];
        return new Chart("Arc length against the shortest for its values", new Axis("shortest through its values"), new Axis("arc length"),
            new Line(ends, ends) { Name = "the shortest", Tone = Tone.Gray, Dashed = true },
            new Dots([.. points.Select(point => point.ShortestForItsValues)], [.. points.Select(point => point.ArcLength)])
            {
                Name = "recorded steps",
                Hollow = true,
            });
    }

    private static RawTable Track(IEnumerable<ParabolaRun> runs) => RawTable.Of(
        "track",
        "loss, arc length and complexity at each recorded step of each seed",
        runs.SelectMany(run => run.Track.Select(point => (run.Seed, Point: point))),
        ("seed", row => row.Seed),
        ("step", row => row.Point.Step),
        ("loss", row => row.Point.Loss),
        ("arc_length", row => row.Point.ArcLength),
        ("shortest_for_its_values", row => row.Point.ShortestForItsValues),
        ("geometric_complexity", row => 2 * row.Point.DirichletEnergy));
}
