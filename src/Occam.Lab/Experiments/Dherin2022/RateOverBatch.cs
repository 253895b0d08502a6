using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-open-hb: an open question of Dherin et al. 2022, §5. The implicit regularization has the rate h/B, and "the size of the
/// regularization pressure on geometric complexity will depend on" it; its figures vary the learning rate h alone and the batch size B
/// alone. Here both are varied on a grid on which many pairs share h/B. All settings are chosen: perceptrons on MNIST, each trained to the
/// same training loss, so that complexities are compared of networks that fit equally well; at larger rates small batches don't get there.
/// <para>
/// The paper predicts it "under these conditions": A_B and C_B small relative to the gradient norms, or positive, and ΣT_i² that
/// diminishes slower than ‖∇_θ f‖². They are followed through every training of the grid, as gc-transfer follows them through one kind of
/// training. Eq. 6 itself weighs C_B by h, not by h/B: where it is not small, h/B can't be all. That is drawn, and no claim.
/// </para>
/// </summary>
internal sealed class RateOverBatch() : Experiment<ImmutableArray<RateBatchRun>>(
    "gc-open-hb",
    "Geometric complexity is a function of the learning rate over the batch",
    Papers.Dherin2022,
    "§5, an open question",
    "mnist")
{
    private const double Explained = 0.9;
    private const double Small = 0.1;
    private const int Apart = 4;
    private const int Points = 32;
    private const string Source = "§5, after eq. 10, an open question";
    private const string Condition = "§5, step 3, a condition of the prediction";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<RateBatchRun>>> JudgedClaims { get; } =
    [
        new("falls-with-ratio", "The geometric complexity falls as h/B grows.", Source,
            runs => IfFitted(runs, Judge.GoTogether(
                "h/B", "the geometric complexity", [.. runs.Select(run => (run.Seed, run.Ratio, run.Complexity))], opposite: true))),
        new("ratio-orders-best", "h/B orders the complexities better than h alone or 1/B alone.", Source,
            runs => IfFitted(runs, Judge.IsAbove(
                "rank correlation with h/B less the stronger one with h or 1/B, within a seed,",
                [.. BySeed(runs).Select(own => Rank(own, run => run.Ratio) - Math.Max(
                    Rank(own, run => run.Rate), Rank(own, run => 1.0 / run.Batch)))],
                0,
                "neither better"))),
        new("ratio-explains", "h/B alone determines the complexity.", Source,
            runs => IfFitted(runs, Judge.IsAbove(
                "share of the variance of the complexity’s logarithm that lies between values of h/B, within a seed,",
                [.. BySeed(runs).Select(Between)], Explained, "nine tenths; the rest is between pairs of the same h/B"))),
        new("label-alignment", "At every h and B the label gradient alignment A_B is small relative to the gradient norms, or positive.",
            Condition, runs => SmallOrPositive("A_B", runs, point => point.LabelShare)),
        new("batch-alignment", "At every h and B the batch gradient alignment C_B is small relative to the gradient norms, or positive.",
            Condition, runs => SmallOrPositive("C_B", runs, point => point.BatchShare)),
        new("transfer-falls-slower", "At every h and B ΣT_i² diminishes slower than the gradient norm ‖∇_θ f‖² during training.",
            "§5, after eq. 10, the condition of its prediction",
            runs => IfFitted(runs, AtEvery(runs, own => Judge.IsAbove(
                "logarithm of how much more is left of ΣT_i² than of ‖∇_θ f‖²",
                [
                    .. own.Select(run => Math.Log(
                        run.End.Transfer / run.Start.Transfer / (run.End.ParameterGradient / run.Start.ParameterGradient))),
                ],
                0,
                "as much of both")))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var (rates, batches, images, width, _) = Sizes(scale);
        return new ExperimentSize(
            $"{rates.Length} learning rates × {batches.Length} batches, perceptron of 2 × {width}, {images:N0} images",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(3),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(3),
                _ => TimeSpan.FromHours(4),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<RateBatchRun> Compute(ExperimentContext context)
    {
        var (rates, batches, images, width, most) = Sizes(context.Scale);
        var data = context.OpenOr("mnist:train", "glyphs:train").Subset(images, 0);
        (double Rate, int Batch, int Seed)[] items =
            [.. from rate in rates from batch in batches from seed in context.Seeds select (rate, batch, seed)];
        return context.Replicate("training", items, (item, replica) =>
        {
            using var scope = Libtorch.NewDisposeScope();
            var (seen, batches) = (data.Subset(Points, 1), TransferTask.Batches(data, item.Batch));
            using var trainer = FittedPerceptron.Trainer(
                data, width, 2, InitializationScheme.LeCun, item.Rate, item.Batch, most, item.Seed);
            var track = ImmutableArray.CreateBuilder<TransferPoint>();
            void Look() => track.Add(TransferTask.Measure(trainer.Step, trainer.Snapshot(), seen, batches));
            Look();
            var loss = FittedPerceptron.Train(trainer, replica.Cancellation, replica.Report, () =>
            {
                if (trainer.End != TrainingEnd.None || IsRecorded(trainer.Step))
                {
                    Look();
                }
            });
            var points = new MeasureContext(new Subject(trainer.Snapshot()), data.Subset(Math.Min(images, 256), 1));
            var complexity = MeasureCatalogue.Find("geometric-complexity").Measurement(points).Value ?? double.NaN;
            return new RateBatchRun(item.Rate, item.Batch, item.Seed, trainer.Step, loss, complexity, track.ToImmutable());
        });
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<RateBatchRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var (rates, batches, images, width, most) = Sizes(context.Scale);
        Chart Over(
            string title, string axis, Func<RateBatchRun, double> x, Func<RateBatchRun, double> shade, string name,
            Axis? vertical = null, Func<RateBatchRun, double>? y = null) => new(
                title, new Axis(axis, Scale.Log), vertical ?? new Axis("geometric complexity", Scale.Log),
                new Dots([.. runs.Select(x)], [.. runs.Select(y ?? (run => run.Complexity))])
                {
                    Name = "trainings",
                    Shades = [.. runs.Select(shade)],
                })
            {
                Shade = new ShadeScale(name, Scale.Log),
            };
        return new ExperimentFigure
        {
            Summary = "The theory has one rate of implicit regularization, the learning rate h over the batch size B; the paper’s figures "
                + "vary one or the other. Here both are varied together, and every training ends at the same training loss. Were the "
                + "complexity a function of h/B, all pairs of the same ratio would have the same. The paper predicts it under conditions, "
                + "which are followed through every training.",
            Panels =
            [
                new Section(
                    "By the ratio, and by each alone",
                    new SideBySide(
                        Over("By h/B", "h/B", run => run.Ratio, run => run.Batch, "batch"),
                        Over("By h", "learning rate h", run => run.Rate, run => run.Batch, "batch"),
                        Over("By B", "batch B", run => run.Batch, run => run.Rate, "learning rate")),
                    new Prose("A circle for each training.")),
                new Section(
                    "The conditions of the prediction, through training",
                    new SideBySide(
                        Curves("Label alignment", new Axis("A_B ÷ gradient norms"), runs, point => point.LabelShare),
                        Curves("Batch alignment", new Axis("C_B ÷ gradient norms"), runs, point => point.BatchShare)),
                    new SideBySide(
                        Curves("Transfer functions", new Axis("Σ T_i²", Scale.Log), runs, point => point.Transfer),
                        Curves("By the parameters", new Axis("‖∇_θ f‖²", Scale.Log), runs, point => point.ParameterGradient)),
                    new Prose("A line for each training of the first seed, on batches of its own size. Before the first step, drawn at ½, "
                        + "nothing is learned yet.")),
                new Section(
                    "What doesn’t go with h/B",
                    new SideBySide(
                        Over("Gradient norms", "batch B", run => run.Batch, run => run.Rate, "learning rate",
                            new Axis("1/B² Σ ε² ‖∇_θ f^i‖², mean over training", Scale.Log),
                            run => Mean(run, point => point.GradientNorms)),
                        Over("Batch alignment", "batch B", run => run.Batch, run => run.Rate, "learning rate",
                            new Axis("C_B, mean over training"), run => Mean(run, point => point.BatchAlignment))),
                    new Prose("In eq. 6 the gradient norms have the weight h/4B, and are divided by B in the left panel; C_B has the "
                        + "weight h/4. A pressure that goes with C_B goes with h, whatever B is. Means are over the recorded steps, "
                        + "which are evenly spaced on a logarithmic axis. None of it is judged.")),
            ],
            Settings =
            [
                new("network", $"perceptron of 2 hidden layers of {width} units, ReLU; truncated normal of variance 1/fan-in, biases 0",
                    Origin.Chosen),
                new("images", $"{images:N0} of MNIST", Origin.Run),
                new("learning rates", string.Join(", ", rates.Select(rate => rate.ToString("G3", CultureInfo.InvariantCulture))),
                    Origin.Chosen),
                new("batches", string.Join(", ", batches), Origin.Chosen),
                new("loss", "cross-entropy", Origin.Stated),
                new("optimizer", "SGD without momentum", Origin.Stated),
                new("end", $"the first epoch whose mean loss is below {FittedPerceptron.Fitted}, at most {most:N0} steps", Origin.Chosen),
                new("determined", $"{100 * Explained:0} % of the variance of the logarithm lies between values of h/B", Origin.Chosen),
                new("geometric complexity", $"of the logits, on {Math.Min(images, 256)} fixed training images", Origin.Chosen),
                new("terms of the theory", $"in float64, at steps that are {Apart} times as many from one to the next; those of eq. 6 as "
                    + $"means over fixed batches of B, of {Math.Min(TransferTask.MostAligned, images)} training images in all; T_i and "
                    + $"‖∇_θ f‖² on {Math.Min(images, Points)}", Origin.Chosen),
                new("small alignment", $"at every recorded step at least −{Small} of 1/B² Σ ε² ‖∇_θ f^i‖²", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "trainings", "each training at its end", runs,
                    ("learning_rate", run => run.Rate), ("batch", run => run.Batch), ("seed", run => run.Seed), ("steps", run => run.Steps),
                    ("training_loss", run => run.TrainingLoss), ("geometric_complexity", run => run.Complexity)),
                RawTable.Of(
                    "track", "the terms of the theory at the recorded steps of each training",
                    runs.SelectMany(run => run.Track.Select(point => (Run: run, Point: point))),
                    ("learning_rate", row => row.Run.Rate), ("batch", row => row.Run.Batch), ("seed", row => row.Run.Seed),
                    ("step", row => row.Point.Step), ("gradient_norms", row => row.Point.GradientNorms),
                    ("label_alignment", row => row.Point.LabelAlignment), ("batch_alignment", row => row.Point.BatchAlignment),
                    ("transfer", row => row.Point.Transfer), ("parameter_gradient", row => row.Point.ParameterGradient),
                    ("geometric_complexity", row => row.Point.Complexity)),
            ],
        };
    }

    private static (double[] Rates, int[] Batches, int Images, int Width, int Most) Sizes(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => ([0.05, 0.1], [5, 10], 40, 8, 20),
        ExperimentScale.Laptop => ([0.0125, 0.025, 0.05, 0.1], [16, 32, 64, 128], 1_000, 64, 20_000),
        _ => ([0.00625, 0.0125, 0.025, 0.05, 0.1], [16, 32, 64, 128, 256], 10_000, 500, 1_000_000),
    };

    private static Chart Curves(string title, Axis y, ImmutableArray<RateBatchRun> runs, Func<TransferPoint, double> quantity)
    {
        var first = runs.Min(run => run.Seed);
        return new Chart(title, new Axis("step", Scale.Log), y,
        [
            .. runs.Where(run => run.Seed == first).Select(run => new Line(
                [.. run.Track.Select(point => Math.Max(point.Step, 0.5))], [.. run.Track.Select(quantity)])
            {
                Name = Pair(run),
                Shade = run.Ratio,
            }),
        ])
        {
            Shade = new ShadeScale("h/B", Scale.Log),
        };
    }

    // 1, 4, 16, …
    private static bool IsRecorded(long step) => long.IsPow2(step) && long.Log2(step) % 2 == 0;

    private static string Pair(RateBatchRun run) => FormattableString.Invariant($"h = {run.Rate:G3}, B = {run.Batch}");

    private static double Mean(RateBatchRun run, Func<TransferPoint, double> quantity) => run.Track.Average(quantity);

    private static Finding AtEvery(ImmutableArray<RateBatchRun> runs, Func<RateBatchRun[], Finding> judge) => Judge.All(
        [.. runs.GroupBy(run => (run.Rate, run.Batch)).Select(own => (Pair(own.First()), judge([.. own])))]);

    private static Finding SmallOrPositive(string name, ImmutableArray<RateBatchRun> runs, Func<TransferPoint, double> share) =>
        IfFitted(runs, AtEvery(runs, own => Judge.IsAbove(
            $"least {name} of a training, as a share of the gradient norms,", [.. own.Select(run => run.Track.Min(share))], -Small,
            "a tenth of them against the pressure")));

    private static RateBatchRun[][] BySeed(IEnumerable<RateBatchRun> runs) =>
        [.. runs.GroupBy(run => run.Seed).Select(own => own.Where(run => double.IsFinite(run.Complexity)).ToArray())];

    // Against the complexity’s negative, which is to grow with the regularization.
    private static double Rank(RateBatchRun[] runs, Func<RateBatchRun, double> by) =>
        Correlation.Spearman(runs.Select(by), runs.Select(run => -run.Complexity));

    private static double Between(RateBatchRun[] runs)
    {
        var logs = runs.Select(run => (Ratio: Math.Round(Math.Log2(run.Ratio), 6), Log: Math.Log(run.Complexity))).ToArray();
        var mean = logs.Average(run => run.Log);
        var all = logs.Sum(run => Math.Pow(run.Log - mean, 2));
        return logs.GroupBy(run => run.Ratio).Sum(own => own.Count() * Math.Pow(own.Average(run => run.Log) - mean, 2)) / all;
    }

    private static Finding IfFitted(ImmutableArray<RateBatchRun> runs, Finding finding) =>
        finding.IfFitted(runs.Select(run => run.TrainingLoss));
}
