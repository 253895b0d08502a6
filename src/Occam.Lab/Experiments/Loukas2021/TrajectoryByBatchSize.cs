using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-9: Figure 9 of Loukas et al. 2021 (App. A.6), Task 1 with batches of 16 and 32 beside those of one example, ω = 0.25 and 0.75, in
/// intervals of 100 steps. With more than one example a step ε is its mean over the batch.
/// </summary>
public sealed class TrajectoryByBatchSize() : Experiment(
    "bth-9",
    "With batches, too, the trajectory is longer when the target is more complex",
    Papers.Loukas2021,
    "Figure 9")
{
    private const int Interval = 100;

    private static readonly int[] s_batches = [1, 16, 32];
    private static readonly double[] s_frequencies = [0.25, 0.75];

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("With batches of 16 the trajectory is longer for the more complex target.", "App. A.6, Figure 9"),
        new("With batches of 32 the trajectory is longer for the more complex target.", "App. A.6, Figure 9"),
        new("A larger batch makes the trajectory slightly longer.", "App. A.6, Figure 9"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"2 frequencies, batches of 1, 16 and 32, {Steps(scale):N0} steps",
        CosineTrainings.Seeds(scale),
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 4 : 40 * CosineTrainings.Seeds(scale)));

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var steps = Steps(context.Scale);
        (int Batch, double Frequency, int Seed)[] all =
            [.. from batch in s_batches from frequency in s_frequencies from seed in context.Seeds select (batch, frequency, seed)];
        var trained = context.Replicate("training", all, (item, replica) =>
        {
            var (training, test) = CosineTask.Data(item.Frequency, item.Seed, inputScale: context.Value(CosineTask.InputScale));
            var settings = CosineTask.Settings(item.Seed, 0) with
            {
                Epochs = null,
                Steps = steps,
                BatchSize = item.Batch,
                TrajectoryWindow = Interval,
            };
            return TrajectoryRun.Train(
                $"ω = {item.Frequency}", item.Frequency, item.Seed, CosineTask.Network(item.Seed, 32, 32, 32), training, test, settings,
                replica);
        });
        TrajectoryRun[] Of(int batch) => [.. trained.Where((_, i) => all[i].Batch == batch)];
        SeedGroup[] byBatch = [.. s_batches.Select(batch => new SeedGroup($"batch {batch}", batch, [.. Of(batch).Select(Length)]))];
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "Task 1 again, with one, 16 and 32 examples a step and as many steps. Theorem 1 is exact for one example a step; "
                + "with more, the slopes at the examples of a batch may cancel each other, and the trajectory is measured without a "
                    + "bound to hold it against.",
            Verdicts =
            [
                Judgement.Ordered(Claims[0], Trend.Rises, "mean trajectory length of an interval", Of(16).Values(Length), context.Scale),
                Judgement.Ordered(Claims[1], Trend.Rises, "mean trajectory length of an interval", Of(32).Values(Length), context.Scale),
                Judgement.Ordered(Claims[2], Trend.Rises, "mean trajectory length of an interval", byBatch, context.Scale),
            ],
            Panels =
            [
                .. s_batches.Select(batch => new Section(
                    batch == 1 ? "One example a step, for comparison" : $"Batches of {batch}",
                    new SideBySide(
                        TrajectoryFigure.Panel(
                            "Training loss", "step", new Axis("½(f − y)²", Scale.Log), "frequency ω", Of(batch), run => run.TrainingLoss),
                        TrajectoryFigure.Panel(
                            "Bias trajectory in 100 steps", "step", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), "frequency ω", Of(batch),
                            run => run.FirstLengths),
                        TrajectoryFigure.Panel(
                            "Test loss", "step", new Axis("½(f − y)²", Scale.Log), "frequency ω", Of(batch), run => run.TestLoss)))),
            ],
            Settings =
            [
                .. CosineTask.Described(context).SkipLast(1), new("batch", "1, 16, 32, drawn with replacement", Origin.Stated),
                new("ε of a batch", "the mean of its examples’", Origin.Chosen), new("steps", (long)steps, Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables = [.. s_batches.Select(batch => TrajectoryFigure.Table($"batch-{batch}", Of(batch)))],
        };
    }

    private static long Steps(ExperimentScale scale) => scale == ExperimentScale.Smoke ? 2_000 : 1_000_000;

    private static double Length(TrajectoryRun run) => run.FirstLengths.Average();
}
