using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-open-hb: an open question of Dherin et al. 2022, §5. The implicit regularization has the rate h/B, and "the size of the
/// regularization pressure on geometric complexity will depend on" it; its figures vary the learning rate h alone and the batch size B
/// alone. Here both are varied on a grid on which many pairs share h/B. All settings are chosen: perceptrons on MNIST, each trained to the
/// same training loss, so that complexities are compared of networks that fit equally well; at larger rates small batches don't get there.
/// </summary>
internal sealed class RateOverBatch() : Experiment<ImmutableArray<RateBatchRun>>(
    "gc-open-hb",
    "Geometric complexity is a function of the learning rate over the batch",
    Papers.Dherin2022,
    "§5, an open question",
    "mnist")
{
    private const double Fitted = 0.02;
    private const double Explained = 0.9;
    private const string Source = "§5, after eq. 10, an open question";

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
                ExperimentScale.Laptop => TimeSpan.FromMinutes(1),
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
            using var generator = new Generator((ulong)item.Seed);
            using var trainer = new Trainer(
                Mlp.Build([data.ExampleSize, width, width, data.Classes], "relu", InitializationScheme.LeCun, generator),
                data,
                new TrainingSettings
                {
                    Loss = new CrossEntropy(),
                    Optimizer = new Sgd(item.Rate),
                    BatchSize = item.Batch,
                    Steps = most,
                    Seed = item.Seed,
                    Stop = new StopConditions { LossBelow = Fitted },
                });
            var (sum, count, loss) = (0.0, 0, double.NaN);
            trainer.Begin();
            while (trainer.End == TrainingEnd.None)
            {
                replica.Cancellation.ThrowIfCancellationRequested();
                replica.Report((double)trainer.Step / most);
                trainer.TakeStep();
                (sum, count) = (sum + trainer.Loss, count + 1);
                if (trainer.Step % trainer.StepsPerEpoch == 0)
                {
                    (sum, count, loss) = (0, 0, sum / count);
                }
            }

            var points = new MeasureContext(new Subject(trainer.Snapshot()), data.Subset(Math.Min(images, 256), 1));
            var complexity = MeasureCatalogue.Find("geometric-complexity").Measurement(points).Value!.Value;
            return new RateBatchRun(item.Rate, item.Batch, item.Seed, trainer.Step, loss, complexity);
        });
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<RateBatchRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var (rates, batches, images, width, most) = Sizes(context.Scale);
        Chart Over(string title, string axis, Func<RateBatchRun, double> x, Func<RateBatchRun, double> shade, string name) => new(
            title, new Axis(axis, Scale.Log), new Axis("geometric complexity", Scale.Log),
            new Dots([.. runs.Select(x)], [.. runs.Select(run => run.Complexity)]) { Name = "trainings", Shades = [.. runs.Select(shade)] })
        {
            Shade = new ShadeScale(name, Scale.Log),
        };
        return new ExperimentFigure
        {
            Summary = "The theory has one rate of implicit regularization, the learning rate h over the batch size B; the paper’s figures "
                + "vary one or the other. Here both are varied together, and every training ends at the same training loss. Were the "
                + "complexity a function of h/B, all pairs of the same ratio would have the same.",
            Panels =
            [
                new Section(
                    "By the ratio, and by each alone",
                    new SideBySide(
                        Over("By h/B", "h/B", run => run.Ratio, run => run.Batch, "batch"),
                        Over("By h", "learning rate h", run => run.Rate, run => run.Batch, "batch"),
                        Over("By B", "batch B", run => run.Batch, run => run.Rate, "learning rate")),
                    new Prose("A circle for each training.")),
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
                new("end", $"the first epoch whose mean loss is below {Fitted}, at most {most:N0} steps", Origin.Chosen),
                new("determined", $"{100 * Explained:0} % of the variance of the logarithm lies between values of h/B", Origin.Chosen),
                new("geometric complexity", $"of the logits, on {Math.Min(images, 256)} fixed training images", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "trainings", "each training at its end", runs,
                    ("learning_rate", run => run.Rate), ("batch", run => run.Batch), ("seed", run => run.Seed), ("steps", run => run.Steps),
                    ("training_loss", run => run.TrainingLoss), ("geometric_complexity", run => run.Complexity)),
            ],
        };
    }

    private static (double[] Rates, int[] Batches, int Images, int Width, int Most) Sizes(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => ([0.05, 0.1], [5, 10], 40, 8, 20),
        ExperimentScale.Laptop => ([0.0125, 0.025, 0.05, 0.1], [16, 32, 64, 128], 1_000, 64, 20_000),
        _ => ([0.00625, 0.0125, 0.025, 0.05, 0.1], [16, 32, 64, 128, 256], 10_000, 500, 1_000_000),
    };

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

    private static Finding IfFitted(ImmutableArray<RateBatchRun> runs, Finding finding) => finding.If(
        runs.All(run => run.TrainingLoss < Fitted),
        $"{runs.Count(run => !(run.TrainingLoss < Fitted))} of {runs.Length} trainings did not come to a loss below {Fitted}");
}
