using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Reports;

/// <summary>A page with every block, every mark and every scale, on made-up numbers.</summary>
internal static class SamplePage
{
    private static readonly double[] Places = [.. Enumerable.Range(0, 10).Select(i => -1 + 2 * i / 9.0)];
    private static readonly double[] Fine = [.. Enumerable.Range(0, 121).Select(i => -1 + i / 60.0)];

    public static Page Make(string title = "Training keeps the learned function short") => new(
        title,
        "A network of three hidden layers of 300 units learns ten points of a parabola. Nothing tells it to be simple, and yet the curve it draws is nearly the shortest one through the points.",
        new Note("The images of this experiment are procedural: no real data set was found."),
        new VerdictBlock(
            "Through training the arc length of the learned function grows, and ends within 1 % of that of the shortest interpolating polyline.",
            Verdict.Reproduced,
            "In all three seeds the arc length ends less than 1 % above the polyline's.",
            new Fact("arc length at the end", RichText.WithError(2.9583, 0.0021)),
            new Fact("shortest polyline", 2.9505),
            new Fact("excess", "0.26 %"),
            new Fact("seeds", 3))
        { Source = "Dherin et al. 2021, Figure 1" },
        new VerdictBlock("The distance to initialization does not rise with complexity.", Verdict.NotReproduced, "It rises: Spearman's ρ is 0.8 on the seeds' means."),
        new VerdictBlock("Larger learning rates give lower complexity.", Verdict.Undecided, "The extremes differ by 1.1 standard errors, of the two that it takes."),
        Training(),
        Scales(),
        Distributions(),
        Numbers(),
        new Section("Configuration", new FactList(
            new Fact("network", "1 → 300 → 300 → 300 → 1, ReLU"),
            new Fact("data", RichText.Html($"<var>y</var> = <var>x</var><sup>2</sup> on [−1, 1], {10} points")),
            new Fact("learning rate", 0.02),
            new Fact("steps", 30000),
            new Fact("batch", "all ten points"),
            new Fact("initialization", "truncated normal, variance 1/fan-in, zero bias"),
            new Fact("parameters", 181501),
            new Fact("smallest weight", 3.2e-9))))
    {
        Command = "occam demo --seed 1 --html gor-1.html",
        Kicker = "Geometric Occam’s Razor · gor-1",
        Written = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
    };

    private static Section Training()
    {
        int[] steps = [1, 20, 40, 50, 5000, 10000, 20000, 30000];
        var panels = steps.Select(step => Step($"step {Occam.Lab.Reports.Numbers.Format(step)}", Learned(step))).ToArray();
        var frames = Enumerable.Range(0, 60).Select(i => (int)Math.Pow(30000, i / 59.0))
            .Select(step => Step($"step {Occam.Lab.Reports.Numbers.Format(step)}", Learned(step))).ToArray();
        return new Section(
            "The learned function",
            new Prose(
                RichText.Html($"The arc length of <var>f</var> over [<var>a</var>, <var>b</var>] is ∫<sub><var>a</var></sub><sup><var>b</var></sup> √(1 + <var>f</var>′(<var>x</var>)<sup>2</sup>) d<var>x</var>. It is least for straight lines between the points."),
                "The function starts near zero and rises to the points as if stretched over them."),
            new SmallMultiples("The function at the paper’s eight steps", new Axis("x"), new Axis("y", Minimum: -0.15, Maximum: 1.15), 4, panels)
            {
                Always = [Points()],
                Caption = "Blue circles are the data, red crosses the predictions, the line is the function.",
            },
            new Frames("The whole training", new Axis("x"), new Axis("y", Minimum: -0.15, Maximum: 1.15), frames) { Always = [Points()] });
    }

    private static Mark Points() => new Dots(Places, [.. Places.Select(x => x * x)]) { Name = "data", Tone = Tone.Blue, Hollow = true };

    private static Panel Step(string title, Func<double, double> learned) => new(
        title,
        new Line(Fine, [.. Fine.Select(learned)]) { Name = "function", Tone = Tone.Ink },
        new Crosses(Places, [.. Places.Select(learned)]) { Name = "predictions", Tone = Tone.Red });

    private static Func<double, double> Learned(int step)
    {
        var progress = 1 - Math.Exp(-step / 60.0);
        var wiggle = 0.02 * Math.Exp(-step / 4000.0);
        return x => progress * x * x + wiggle * Math.Sin(9 * x) + (1 - progress) * 0.04 * x;
    }

    private static Section Scales()
    {
        double[] steps = [.. Enumerable.Range(0, 90).Select(i => Math.Pow(10, i / 20.0))];
        double[] arc = [.. steps.Select(step => 2 + 0.9505 * (1 - Math.Exp(-step / 600)))];
        double[] loss = [.. steps.Select((step, i) => i == 40 ? double.NaN : 0.4 / (1 + step * step / 900) + 1e-8)];
        return new Section(
            "Arc length and loss",
            new Chart("Arc length through training", new Axis("step", Scale.Log), new Axis("arc length"),
                ErrorBand.Around(steps, arc, [.. arc.Select(_ => 0.04)]) with { Name = "three seeds" },
                new Line(steps, arc) { Name = "three seeds" },
                new HorizontalRule(2.9505, "shortest polyline, 2.9505"),
                new VerticalRule(600, "fit within 1 %"))
            { Caption = "Mean of three seeds; the band is ± two standard errors." },
            new Beside(
                new Chart("Loss", new Axis("step", Scale.Log), new Axis("mean squared error", Scale.Log),
                    new Line(steps, loss) { Name = "training" },
                    new Line(steps, [.. loss.Select(value => value * 1.8 + 1e-4)]) { Name = "test", Dashed = true }),
                new Chart("Complexity against learning rate", new Axis("learning rate", Scale.Log), new Axis("geometric complexity", Minimum: 0),
                    new ErrorBars([0.005, 0.01, 0.02, 0.05, 0.1, 0.2], [91, 84, 70, 52, 39, 30], [5, 6, 4, 3, 3, 2]) { Name = "at best test accuracy" })),
            new Chart("Every run, coloured by complexity", new Axis("epoch"), new Axis("trajectory length", Scale.SymmetricLog),
                [.. new[] { 0.25, 0.5, 0.75, 1 }.Select(frequency => new Line(
                    [.. Enumerable.Range(0, 60).Select(i => (double)i)],
                    [.. Enumerable.Range(0, 60).Select(i => 40 * frequency * Math.Exp(-i / (30.0 * frequency)))]) { Name = $"ω = {frequency}", Shade = frequency }),
                 new Dots([5, 15, 25, 35], [1, 3, 9, 20]) { Shades = [0.25, 0.5, 0.75, 1] }])
            { Shade = new ShadeScale("frequency ω") });
    }

    private static Section Distributions()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 1000).Select(_ => Math.Exp(0.4 * (random.NextDouble() + random.NextDouble() + random.NextDouble())) * 3)];
        return new Section(
            "Where the complexity lies",
            new Beside(
                new Chart("Local Lipschitz constants", new Axis("‖J(x)‖₂"), new Axis("examples"), new Histogram(values), new VerticalRule(7.1, "95th percentile")),
                new Chart("The same, logarithmic", new Axis("‖J(x)‖₂", Scale.Log), new Axis("examples"), new Histogram(values) { Bins = 25, Tone = Tone.Purple })),
            new Chart("Spectral norm by layer", new Axis("spectral norm"), new Axis("", Scale.Category),
                new Bars(["/features/conv1", "/features/conv2", "/features/conv3", "/classifier/fc1", "/classifier/fc2"], [3.1, 2.7, 2.2, 4.8, 1.4]) { Tone = Tone.Teal }),
            new Chart("Two networks, layer by layer", new Axis("spectral norm", Scale.Log), new Axis("", Scale.Category),
                new Bars(["/fc1", "/fc2", "/fc3"], [0.8, 27, 4.8]) { Name = "before" },
                new Bars(["/fc1", "/fc2", "/fc3"], [0.6, 19, 5.1]) { Name = "after", Errors = [0.1, 30, 0.4] }),
            new Chart("Test error by confusion set", new Axis("confusion set", Scale.Category), new Axis("test error, %"),
                new Bars(["0", "1K", "2K", "3K", "5K"], [9.1, 12.3, 15.8, 19.9, 27.5]) { Errors = [0.4, 0.6, 0.7, 1.2, 1.9] }));
    }

    private static Section Numbers() => new(
        "What was measured",
        new ResultTable(
            new Result("Geometric complexity", 71.3482, 0, true, "Dherin et al. 2022, Definition 3.1")
            {
                Id = "geometric-complexity",
                Details = [new Fact("maximum", 211.4), new Fact("median", 64.02)],
                Notes = ["Of the logits, in evaluation mode; batch normalization folded."],
            },
            new Result("Local Lipschitz constant", 8.1234e-5, 2.1e-7, false, "Loukas et al. 2021, equation 4")
            {
                Id = "local-lipschitz",
                Skipped = [new Fact("/avgpool", "not piecewise linear")],
            },
            new Result("Margin", -0.0312, 0, true, "Neyshabur et al. 2017, section 2") { Id = "margin" }),
        Table.Of(
            new (string Name, int Seed, double Value, double Loss)[] { ("arc length", 1, 2.9581, 1.3e-7), ("arc length", 2, 2.9577, 9.8e-8), ("arc length", 3, 2.959, 2e-7) },
            ("Quantity", run => run.Name), ("Seed", run => run.Seed), ("Value", run => run.Value), ("Loss", run => run.Loss)) with
        { Caption = "Each seed by itself" });
}
