using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>The page of gor-1: the learned function at the paper's steps, its arc length against the shortest, and the verdicts.</summary>
public static class ParabolaPage
{
    /// <summary>What was found, in a sentence; a question where the verdicts don't bear it out.</summary>
    public static string Headline(IReadOnlyList<VerdictBlock> verdicts) =>
        ComplexityText.Headline("A network of 180,000 parameters learns ten points, and draws almost the shortest curve", verdicts);

    /// <summary>Makes the demo's page.</summary>
    public static Page Of(Parabola experiment, IReadOnlyList<ParabolaRun> runs, string command)
    {
        var claims = ParabolaClaims.Judge(experiment, runs);
        return new Page(
            Headline(claims),
            Summary(experiment, runs),
            [
                claims[0],
                .. Panels(experiment, runs),
                new Section("The papers’ other claims", [.. claims.Skip(1)]),
                new Section("How it was done", Configuration(experiment, runs)),
            ])
        {
            Command = command,
            Kicker = "Geometric Occam’s razor · gor-1",
        };
    }

    /// <summary>What was done and what came out.</summary>
    public static RichText Summary(Parabola experiment, IReadOnlyList<ParabolaRun> runs) =>
        RichText.Html(
            $"Ten points of <var>y</var> = <var>x</var>², a ReLU network of three hidden layers of 300 units, plain gradient descent, ",
            $"nothing that asks for simplicity. It could draw anything between the points. What it draws has the length ",
            $"{Numbers.Format(runs[0].Track[^1].ArcLength, 5)}, where the straight lines from point to ",
            $"point, the shortest curve there is, have {Numbers.Format(experiment.ShortestLength, 5)}.");

    /// <summary>The figure: the function as it learns, its length, its loss and energy.</summary>
    public static ImmutableArray<Block> Panels(Parabola experiment, IReadOnlyList<ParabolaRun> runs) =>
    [
        new Section(
            "The function as it learns",
            new SmallMultiples(
                "At the paper’s eight steps", new Axis("x"), new Axis("f(x)", Minimum: -0.25, Maximum: 1.1), 4,
                [.. runs[0].Shown.Select(ShownPanel)])
            {
                Always = [new Dots(experiment.X, experiment.Y) { Name = "data", Tone = Tone.Blue, Hollow = true }],
                Caption = "As in Figure 1 of the paper: blue circles are the data, red crosses the network’s predictions. The line is "
                    + $"the learned function itself, exact: all its corners are computed. Seed {runs[0].Seed}.",
            }),
        new Section(
            "Its length",
            ArcLengthChart(experiment, runs),
            new Prose(
                RichText.Html(
                    $"Of all curves through the points the straight lines from one to the next are the shortest. The papers’ geometric ",
                    $"Occam’s razor says more: at every moment before, too, when the network has not reached the points yet, its ",
                    $"curve is nearly the shortest for its training error, so that complexity grows only as fitting the ",
                    $"data demands. Below it is compared with the shortest curve through the values that it ",
                    $"<em>has</em> reached at the ten points, straight lines again. The ratio is never ",
                    $"below 1; a curve through other values of the same training ",
                    $"error may be shorter than both.")),
            RatioChart(runs)),
        new Section(
            "Loss and energy",
            new SideBySide(
                Tracked("Training loss", "mean squared error", runs, point => point.Loss),
                Tracked("Discrete Dirichlet energy", "½ mean ‖∇f‖²", runs, point => point.DirichletEnergy)),
            new Prose(
                RichText.Html(
                    $"In more than one dimension nobody can see an arc length. The discrete Dirichlet energy, half the mean squared ",
                    $"slope at the data, takes its place; doubled, it is the <em>geometric complexity</em> that ",
                    $"<code>occam measure</code> computes for any network."))),
    ];

    /// <summary>The configuration, with where each setting comes from.</summary>
    public static ImmutableArray<ExperimentSetting> Settings(Parabola experiment) =>
    [
        new("network", "1 → 300 → 300 → 300 → 1, ReLU", Origin.Stated),
        new("initial weights", "truncated normal of variance 1/fan-in, biases 0", Origin.Stated),
        new("points", $"{Parabola.Points} on a parabola", Origin.Stated),
        new("their places", "y = x², equispaced on [−1, 1]", Origin.Chosen),
        new("loss", "mean squared error", Origin.Chosen),
        new("optimizer", "SGD without regularization", Origin.Stated),
        new("batch", "all ten points", Origin.Chosen),
        new("learning rate", Parabola.LearningRate, Origin.Chosen),
        new("precision", "float32", Origin.Chosen),
        new("steps shown", "1, 20, 40, 50, 5,000, 10,000, 20,000, 30,000", Origin.Stated),
        new("steps taken", (long)experiment.Options.Steps, Origin.Run),
        new("seeds", string.Join(", ", Enumerable.Range(experiment.Options.Seed, experiment.Options.Seeds)), Origin.Run),
        ParabolaClaims.StaysNear,
    ];

    private static Panel ShownPanel(ParabolaFunction function) => new(
        $"step {function.Step.ToString("N0", CultureInfo.InvariantCulture)}",
        new Line(function.X, function.Y) { Name = "learned function", Tone = Tone.Ink },
        new Crosses(DataX(function), function.Predictions) { Name = "predictions", Tone = Tone.Red });

    private static double[] DataX(ParabolaFunction function)
    {
        var (from, to) = (function.X[0], function.X[^1]);
        return [
            .. Enumerable.Range(0, function.Predictions.Length).Select(i => from + ((to - from) * i / (function.Predictions.Length - 1))),
        ];
    }

    private static Chart ArcLengthChart(Parabola experiment, IReadOnlyList<ParabolaRun> runs) => new(
        "Arc length of the learned function",
        new Axis("step", Scale.Log),
        new Axis("arc length over [−1, 1]"),
        [
            .. runs.Select(run => new Line(Steps(run), [.. run.Track.Select(point => point.ArcLength)]) { Name = $"seed {run.Seed}" }),
            new HorizontalRule(experiment.ShortestLength, "shortest curve through the points"),
            new HorizontalRule(2, "a flat line"),
        ])
    {
        Caption = $"Exact at every recorded step, from the function’s {Numbers.Format(runs[0].Track[^1].Pieces)} linear pieces. The "
            + "lines begin before the first step, drawn at ½.",
    };

    private static Chart RatioChart(IReadOnlyList<ParabolaRun> runs) => new(
        "How much longer than it must be",
        new Axis("step", Scale.Log),
        new Axis("arc length ÷ shortest for its values", Minimum: 1),
        [.. runs.Select(run => new Line(
            Steps(run), [.. run.Track.Select(point => point.ArcLength / point.ShortestForItsValues)]) { Name = $"seed {run.Seed}" })])
    {
        Caption = "The arc length, divided by that of the polyline through the network’s own values at the ten points: 1 is the shortest "
            + "through those values.",
    };

    private static Chart Tracked(string title, string axis, IReadOnlyList<ParabolaRun> runs, Func<ParabolaPoint, double> quantity) => new(
        title,
        new Axis("step", Scale.Log),
        new Axis(axis, Scale.Log),
        [.. runs.Select(run => new Line(Steps(run), [.. run.Track.Select(quantity)]) { Name = $"seed {run.Seed}" })]);

    /// <summary>The recorded steps; initialization, step 0, stands at ½ on a logarithmic axis.</summary>
    private static double[] Steps(ParabolaRun run) => [.. run.Track.Select(point => point.Step == 0 ? 0.5 : point.Step)];

    private static FactList Configuration(Parabola experiment, IReadOnlyList<ParabolaRun> runs) => new(
        new Fact(
            "paper",
            "Dherin, Munn, Barrett 2021, “The geometric Occam’s razor implicit in deep learning”, Figure 1; Dherin et al. 2022, Figure 1"),
        new Fact("network (stated)", "1 → 300 → 300 → 300 → 1, ReLU; weights truncated normal of variance 1/fan-in, biases 0"),
        new Fact("data (chosen)", $"{Parabola.Points} equispaced points of y = x² on [−1, 1]"),
        new Fact(
            "training (chosen)",
            RichText.Html(
                $"full batch, mean squared error, learning rate {Parabola.LearningRate}, ",
                $"{Numbers.Format((long)experiment.Options.Steps)} steps, float32")),
        new Fact("seeds", string.Join(", ", runs.Select(run => run.Seed))),
        new Fact(
            "took",
            $"{runs.Select(run => run.Seconds).Mean().ToString("0", CultureInfo.InvariantCulture)} s a training, measuring included"));
}
