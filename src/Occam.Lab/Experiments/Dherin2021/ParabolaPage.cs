using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>The page of gor-1: the learned function at the paper's steps, and its arc length against what is shortest.</summary>
internal static class ParabolaPage
{
    /// <summary>Makes the demo's page.</summary>
    public static Page Of(ParabolaRuns runs, string command)
    {
        var experiment = new ParabolaExperiment();
        var verdicts = experiment.Verdicts(runs, ExperimentScale.Laptop);
        return new Page(
            ClaimVerdicts.Headline(experiment.Title, verdicts),
            Summary(runs),
            [
                verdicts[0],
                .. Panels(runs),
                new Section("The paper’s other claims", [.. verdicts.Skip(1)]),
                new Section("How it was done", Configuration(runs)),
            ])
        {
            Command = command,
            Kicker = "Geometric Occam’s razor · gor-1",
        };
    }

    /// <summary>What was done and what came out.</summary>
    public static RichText Summary(ParabolaRuns runs) =>
        RichText.Html(
            $"Ten points of <var>y</var> = <var>x</var>², a ReLU network of three hidden layers of 300 units, plain gradient descent, ",
            $"nothing that asks for simplicity. It could draw anything between the points. What it draws has the length ",
            $"{Numbers.Format(runs.Runs[0].Track[^1].ArcLength, 5)}, where the straight lines from point to ",
            $"point, the shortest curve there is, have {Numbers.Format(Parabola.ShortestLength, 5)}.");

    /// <summary>The figure: the function as it learns, its length, its loss and energy.</summary>
    public static ImmutableArray<Block> Panels(ParabolaRuns runs) =>
    [
        new Section(
            "The function as it learns",
            new SmallMultiples(
                "At the paper’s eight steps", new Axis("x"), new Axis("f(x)", Minimum: -0.25, Maximum: 1.1), 4,
                [.. runs.Runs[0].Shown.Select(ShownPanel)])
            {
                Always = [new Dots(Parabola.X, Parabola.Y) { Name = "data", Tone = Tone.Blue, Hollow = true }],
                Caption = "As in Figure 1 of the paper: blue circles are the data, red crosses the network’s predictions. The line is "
                    + $"the learned function itself, exact: all its corners are computed. Seed {runs.Runs[0].Seed}.",
            }),
        new Section(
            "Its length",
            ArcLengthChart(runs),
            new Prose(
                RichText.Html(
                    $"Of all curves through the points the straight lines from one to the next are the shortest. The papers’ geometric ",
                    $"Occam’s razor says more: at every moment before, too, the curve is the simplest among all functions with the ",
                    $"same training error, so that complexity grows only as fitting the data demands. The shortest curve of a training ",
                    $"error is a convex problem in its ten values, and is computed to rounding. Beside it stands a weaker reading: the ",
                    $"shortest curve through the values that the network <em>has</em> reached at the ten points, straight lines again. ",
                    $"Neither ratio is ever below 1.")),
            new SideBySide(
                Ratio("Against the same training error", "arc length ÷ shortest for its error", runs, point => point.ExcessOverItsError),
                Ratio("Against its own values", "arc length ÷ shortest for its values", runs, point => point.ExcessOverItsValues))),
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

    /// <summary>The configuration of the trainings, with where each setting comes from.</summary>
    public static ImmutableArray<ExperimentSetting> Settings(ParabolaRuns runs) =>
    [
        new("network", "1 → 300 → 300 → 300 → 1, ReLU", Origin.Stated),
        new("initial weights", "truncated normal of variance 1/fan-in, biases 0 (the paper of 2022)", Origin.Stated),
        new("points", $"{Parabola.Points}", Origin.Stated),
        new("on what", "a parabola (the paper of 2022; the figure of 2021 draws its points from 0 to 1 by 0 to 2.5)", Origin.Stated),
        new("which, and their places", "y = x², equispaced on [−1, 1]", Origin.Chosen),
        new("loss", "mean squared error", Origin.Chosen),
        new("optimizer", "SGD without regularization", Origin.Stated),
        new("batch", "all ten points", Origin.Chosen),
        new("learning rate", Parabola.LearningRate, Origin.Chosen),
        new("precision", "float32", Origin.Chosen),
        new("steps shown", "1, 20, 40, 50, 5,000, 10,000, 20,000, 30,000 (the paper of 2021)", Origin.Stated),
        new("steps taken", runs.Steps, Origin.Run),
        new("seeds", string.Join(", ", runs.Runs.Select(run => run.Seed)), Origin.Run),
    ];

    /// <summary>The recorded steps; initialization, step 0, stands at ½ on a logarithmic axis.</summary>
    public static double[] Steps(ParabolaRun run) => [.. run.Track.Select(point => point.Step == 0 ? 0.5 : point.Step)];

    private static Panel ShownPanel(ParabolaFunction function) => new(
        $"step {function.Step.ToString("N0", CultureInfo.InvariantCulture)}",
        new Line(function.X, function.Y) { Name = "learned function", Tone = Tone.Ink },
        new Crosses(Parabola.X, function.Predictions) { Name = "predictions", Tone = Tone.Red });

    private static Chart ArcLengthChart(ParabolaRuns runs)
    {
        Line Of(string name, Tone tone, bool dashed, Func<ParabolaPoint, double> length) =>
            new(Steps(runs.Runs[0]), [.. runs.Runs[0].Track.Select(length)]) { Name = name, Tone = tone, Dashed = dashed };
        return new Chart(
            "Arc length of the learned function",
            new Axis("step", Scale.Log),
            new Axis("arc length over [−1, 1]"),
            Of("learned function", Tone.Ink, false, point => point.ArcLength),
            Of("shortest of its training error", Tone.Green, true, point => point.ShortestForItsError),
            Of("shortest through its values", Tone.Red, true, point => point.ShortestForItsValues),
            new HorizontalRule(Parabola.ShortestLength, "shortest curve through the points"),
            new HorizontalRule(2, "a flat line"))
        {
            Caption = $"Exact at every recorded step, from the function’s {Numbers.Format(runs.Runs[0].Track[^1].Pieces)} linear pieces. "
                + $"The lines begin before the first step, drawn at ½. Seed {runs.Runs[0].Seed}.",
        };
    }

    private static Chart Ratio(string title, string axis, ParabolaRuns runs, Func<ParabolaPoint, double> excess) => new(
        title,
        new Axis("step", Scale.Log),
        new Axis(axis, Minimum: 1),
        [
            .. runs.Runs.Select(run => new Line(Steps(run), [.. run.Track.Select(point => 1 + excess(point))])
            {
                Name = $"seed {run.Seed}",
            }),
        ]);

    private static Chart Tracked(string title, string axis, ParabolaRuns runs, Func<ParabolaPoint, double> quantity) => new(
        title,
        new Axis("step", Scale.Log),
        new Axis(axis, Scale.Log),
        [.. runs.Runs.Select(run => new Line(Steps(run), [.. run.Track.Select(quantity)]) { Name = $"seed {run.Seed}" })]);

    private static FactList Configuration(ParabolaRuns runs) => new(
    [
        new Fact(
            "paper",
            "Dherin, Munn, Barrett 2021, “The geometric Occam’s razor implicit in deep learning”, Figure 1; Dherin et al. 2022, Figure 1"),
        .. Settings(runs).Select(setting => new Fact(
            setting.Origin == Origin.Run ? setting.Name : $"{setting.Name.PlainText} ({setting.Origin.ToString().ToLowerInvariant()})",
            setting.Value)),
        new Fact(
            "took",
            $"{runs.Runs.Select(run => run.Seconds).Mean().ToString("0", CultureInfo.InvariantCulture)} s a training, measuring included"),
    ]);
}
