using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Tests.Reports;

/// <summary>A page with every block, every mark and every scale, on made-up numbers.</summary>
internal static class SamplePage
{
    private static readonly double[] Places = [.. Enumerable.Range(0, 10).Select(i => -1 + 2 * i / 9.0)];
    private static readonly double[] Fine = [.. Enumerable.Range(0, 121).Select(i => -1 + i / 60.0)];

    public static Page Make(string title = "Training keeps the learned function short") => new(
        title,
        "A network of three hidden layers of 300 units learns ten points of a parabola. Nothing tells it to be simple, and yet the curve "
            + "it draws is nearly the shortest one through the points.",
        new Note("The images of this experiment are procedural: no real data set was found."),
        new VerdictBlock(
            "Through training the arc length of the learned function grows, and ends within 1 % of that of the shortest "
                + "interpolating polyline.",
            Verdict.Reproduced,
            "In all three seeds the arc length ends less than 1 % above the polyline's.",
            new Fact("arc length at the end", RichText.WithError(2.9583, 0.0021)),
            new Fact("shortest polyline", 2.9505),
            new Fact("excess", "0.26 %"),
            new Fact("seeds", 3))
        { Source = "Dherin et al. 2021, Figure 1" },
        new VerdictBlock(
            "The distance to initialization does not rise with complexity.", Verdict.NotReproduced,
            "It rises: Spearman's ρ is 0.8 on the seeds' means."),
        new VerdictBlock(
            "Larger learning rates give lower complexity.", Verdict.Undecided,
            "The extremes differ by 1.1 standard errors, of the two that it takes."),
        Training(),
        Scales(),
        Distributions(),
        Planes(),
        NumberSection(),
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
        var panels = steps.Select(step => Step($"step {Numbers.Format(step)}", Learned(step))).ToArray();
        var frames = Enumerable.Range(0, 60).Select(i => (int)Math.Pow(30000, i / 59.0))
            .Select(step => Step($"step {Numbers.Format(step)}", Learned(step))).ToArray();
        return new Section(
            "The learned function",
            new Prose(
                RichText.Html(
                    $"The arc length of <var>f</var> over [<var>a</var>, <var>b</var>] is ",
                    $"∫<sub><var>a</var></sub><sup><var>b</var></sup> √(1 + <var>f</var>′(<var>x</var>)<sup>2</sup>) ",
                    $"d<var>x</var>. It is least for straight lines between the points."),
                "The function starts near zero and rises to the points as if stretched over them."),
            new SmallMultiples(
                "The function at the paper’s eight steps", new Axis("x"), new Axis("y", Minimum: -0.15, Maximum: 1.15), 4, panels)
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
            new SideBySide(
                new Chart("Loss", new Axis("step", Scale.Log), new Axis("mean squared error", Scale.Log),
                    new Line(steps, loss) { Name = "training" },
                    new Line(steps, [.. loss.Select(value => value * 1.8 + 1e-4)]) { Name = "test", Dashed = true }),
                new Chart("Complexity against learning rate", new Axis("learning rate", Scale.Log), new Axis(
                    "geometric complexity", Minimum: 0),
                    new ErrorBars([0.005, 0.01, 0.02, 0.05, 0.1, 0.2], [91, 84, 70, 52, 39, 30], [5, 6, 4, 3, 3, 2])
                    {
                        Name = "at best test accuracy",
                    })),
            new Chart("Every run, coloured by complexity", new Axis("epoch"), new Axis("trajectory length", Scale.SymmetricLog),
                [.. new[] { 0.25, 0.5, 0.75, 1 }.Select(frequency => new Line(
                    [.. Enumerable.Range(0, 60).Select(i => (double)i)],
                    [.. Enumerable.Range(0, 60).Select(i => 40 * frequency * Math.Exp(-i / (30.0 * frequency)))])
                    {
                        Name = $"ω = {frequency}", Shade = frequency,
                    }),
                 new Dots([5, 15, 25, 35], [1, 3, 9, 20]) { Shades = [0.25, 0.5, 0.75, 1] }])
            { Shade = new ShadeScale("frequency ω") });
    }

    private static Section Distributions()
    {
        var random = new Random(1);
        double[] values =
        [
            .. Enumerable.Range(0, 1000).Select(_ => Math.Exp(0.4 * (random.NextDouble() + random.NextDouble() + random.NextDouble())) * 3),
        ];
        return new Section(
            "Where the complexity lies",
            new SideBySide(
                new Chart(
                    "Local Lipschitz constants", new Axis("‖J(x)‖₂"), new Axis("examples"), new Histogram(values),
                    new VerticalRule(7.1, "95th percentile")),
                new Chart(
                    "The same, logarithmic", new Axis("‖J(x)‖₂", Scale.Log), new Axis("examples"),
                    new Histogram(values) { Bins = 25, Tone = Tone.Purple })),
            new Chart("Spectral norm by layer", new Axis("spectral norm"), new Axis("", Scale.Category),
                new Bars(
                    ["/features/conv1", "/features/conv2", "/features/conv3", "/classifier/fc1", "/classifier/fc2"],
                    [3.1, 2.7, 2.2, 4.8, 1.4])
                { Tone = Tone.Teal }),
            new Chart("Two networks, layer by layer", new Axis("spectral norm", Scale.Log), new Axis("", Scale.Category),
                new Bars(["/fc1", "/fc2", "/fc3"], [0.8, 27, 4.8]) { Name = "before" },
                new Bars(["/fc1", "/fc2", "/fc3"], [0.6, 19, 5.1]) { Name = "after", Errors = [0.1, 30, 0.4] }),
            new Chart("Test error by confusion set", new Axis("confusion set", Scale.Category), new Axis("test error, %"),
                new Bars(["0", "1K", "2K", "3K", "5K"], [9.1, 12.3, 15.8, 19.9, 27.5]) { Errors = [0.4, 0.6, 0.7, 1.2, 1.9] }));
    }

    private static Section Planes()
    {
        double[] frequencies = [0.25, 0.5, 0.75, 1];
        double[] epochs = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(3000, i / 59.0))];
        var random = new Random(2);
        IReadOnlyList<Mark> Curve(double frequency, double noise) => SeedCurve.Of(
            $"ω = {frequency}",
            epochs,
            [.. Enumerable.Range(0, 5).Select(_ =>
            {
                var scale = 1 + (noise * (random.NextDouble() - 0.5));
                return epochs.Select(epoch => (scale * frequency * Math.Exp(-epoch / (400 * frequency))) + 1e-4).ToArray();
            })],
            frequency);
        Axis epochAxis = new("epoch", Scale.Log), lossAxis = new("training loss", Scale.Log);
        return new Section(
            "What the network does in the plane",
            new SideBySide(
                new Chart("Loss over training", epochAxis, lossAxis, [.. frequencies.SelectMany(frequency => Curve(frequency, 1))])
                {
                    Shade = new ShadeScale("frequency ω"),
                },
                new Chart(
                    "The same, on a line", epochAxis, new Axis("training loss"),
                    [.. frequencies.SelectMany(frequency => Curve(frequency, 1))])
                { Shade = new ShadeScale("frequency ω") }),
            new SideBySide([.. new[] { "training loss", "bias trajectory an epoch", "test loss" }.Select(quantity =>
                new Chart(
                    char.ToUpperInvariant(quantity[0]) + quantity[1..], epochAxis, new Axis(quantity, Scale.Log),
                    [.. frequencies.SelectMany(frequency => Curve(frequency, 1))]) { Shade = new ShadeScale("frequency ω") })]),
            new SmallMultiples("The same in two data sets", epochAxis, lossAxis, 2,
                new Panel("first", [.. frequencies.SelectMany(frequency => Curve(frequency, 0.4))]),
                new Panel("second", [.. frequencies.SelectMany(frequency => Curve(frequency, 2))]))
            { Shade = new ShadeScale("frequency ω") },
            new SmallMultiples(
                "The targets", new Axis("z₁"), new Axis("z₂"), 4,
                [.. frequencies.Select(frequency => new Panel($"ω = {frequency}", Surface(frequency, 60)))])
            {
                Shade = new ShadeScale("y", Ramp: Ramp.Diverging),
            },
            new SideBySide(
                new Chart("Target", new Axis("z₁"), new Axis("z₂"), Surface(0.75, 120) with { Isolines = [-0.5, 0, 0.5] })
                {
                    Shade = new ShadeScale("y", Ramp: Ramp.Diverging),
                },
                new Chart(
                    "Density", new Axis("z₁"), new Axis("z₂"),
                    HeatMap.Of(-1, 1, -1, 1, 80, 80, (x, y) => x > 0.8 && y > 0.8 ? double.NaN : Math.Exp(-3 * ((x * x) + (y * y)))))
                { Shade = new ShadeScale("examples", Ramp: Ramp.Sequential) }),
            new SideBySide(Regions(8), Regions(70)),
            new Chart("Groups", new Axis("sharpness", Scale.Log), new Axis("test error"),
                [.. new[] { "true labels", "random labels", "mixed" }.Select((name, group) => new Dots(
                    [.. Enumerable.Range(0, 30).Select(_ => Math.Pow(10, group + random.NextDouble()))],
                    [.. Enumerable.Range(0, 30).Select(_ => 0.1 * (group + 1 + random.NextDouble()))]) { Name = name })]),
            new Thumbnails("The images between which it decides",
                [.. Enumerable
                    .Range(0, 9)
                    .Select(i => new Thumbnail(Blob(i, i % 2 == 0 ? 1 : 3), i % 2 == 0 ? $"gray, {i}" : $"in colour, {i}"))]));
    }

    private static HeatMap Surface(double frequency, int cells) =>
        HeatMap.Of(-1, 1, -1, 1, cells, cells, (x, y) => Math.Cos(2 * Math.PI * frequency * x) * Math.Cos(2 * Math.PI * frequency * y));

    // A skewed grid of triangles and quadrilaterals that tile [−1, 1]² and more.
    private static Chart Regions(int side)
    {
        (double X, double Y) Corner(int i, int j) =>
            ((2.0 * i / side) - 1 + (0.4 / side * Math.Sin(3 * j)), (2.0 * j / side) - 1 + (0.4 / side * Math.Cos(5 * i)));
        var cells = new List<IReadOnlyList<(double X, double Y)>>();
        for (var i = 0; i < side; i++)
        {
            for (var j = 0; j < side; j++)
            {
                var (a, b, c, d) = (Corner(i, j), Corner(i + 1, j), Corner(i + 1, j + 1), Corner(i, j + 1));
                cells.AddRange((i + j) % 3 == 0 ? [[a, b, c], [a, c, d]] : [[a, b, c, d]]);
            }
        }

        double[] slopes =
            [.. cells.Select((cell, i) => i % 41 == 7 ? double.NaN : 1 + Math.Abs(Math.Sin(4 * cell[0].X) * Math.Cos(5 * cell[0].Y)))];
        return new Chart($"{cells.Count} linear regions", new Axis("z₁", Minimum: -1, Maximum: 1), new Axis("z₂", Minimum: -1, Maximum: 1),
            new Polygons(cells, slopes),
            new Dots(
                [.. Enumerable.Range(0, 30).Select(i => Math.Sin(i * 12.9898))],
                [.. Enumerable.Range(0, 30).Select(i => Math.Sin(i * 78.233))])
            { Name = "training points", Tone = Tone.Ink })
        { Shade = new ShadeScale("‖∇f‖ in the region") };
    }

    private static Picture Blob(int index, int channels)
    {
        const int side = 28;
        var values = new float[channels * side * side];
        for (var i = 0; i < values.Length; i++)
        {
            var (channel, row, column) = (i / (side * side), i / side % side, i % side);
            values[i] = (float)Math.Exp(-(Math.Pow(row - 14, 2) + Math.Pow(column - 8 - index - (2 * channel), 2)) / 30);
        }

        return Picture.FromChannels(values, channels, side, side);
    }

    private static Section NumberSection() => new(
        "What was measured",
        new ResultTable(
            new Result("Geometric complexity", 71.3482, "Dherin et al. 2022, Definition 3.1")
            {
                Id = "geometric-complexity",
                Details = [new Fact("maximum", 211.4), new Fact("median", 64.02)],
                Notes = ["Of the logits, in evaluation mode; batch normalization folded."],
            },
            new Result("Local Lipschitz constant", new Uncertain(8.1234e-5, 2.1e-7), "Loukas et al. 2021, equation 4")
            {
                Id = "local-lipschitz",
                Skipped = [new Fact("/avgpool", "not piecewise linear")],
            },
            new Result("Margin", -0.0312, "Neyshabur et al. 2017, section 2") { Id = "margin" }),
        Table.Of(
            new (string Name, int Seed, double Value, double Loss)[]
            {
                ("arc length", 1, 2.9581, 1.3e-7), ("arc length", 2, 2.9577, 9.8e-8), ("arc length", 3, 2.959, 2e-7),
            },
            ("Quantity", run => run.Name), ("Seed", run => run.Seed), ("Value", run => run.Value), ("Loss", run => run.Loss)) with
        { Caption = "Each seed by itself" });
}
