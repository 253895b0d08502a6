using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-9: Figure 9 of Loukas et al. 2021 (App. A.6), Task 1 with batches of 16 and 32 beside those of one example, ω = 0.25 and 0.75, in
/// intervals of 100 steps.
/// <para>
/// Chosen: a million steps whatever the batch, after which no training leaves more than 3 % of the target's variance; ε of a
/// batch is the mean of its examples', of which the paper says nothing.
/// </para>
/// </summary>
internal sealed class TrajectoryByBatchSize() : Experiment<ImmutableArray<BatchRun>>(
    "bth-9",
    "With batches, too, the trajectory is longer when the target is more complex",
    Papers.Loukas2021,
    "Figure 9")
{
    private const int Interval = 100;
    private const string Window = "100 steps";
    private const double Slight = 2;

    private static readonly int[] s_batches = [1, 16, 32];
    private static readonly double[] s_frequencies = [0.25, 0.75];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<BatchRun>>> JudgedClaims { get; } =
    [
        new("longer-at-16", "With batches of 16 the trajectory is longer for the more complex target.", "App. A.6, Figure 9",
            runs => TrajectoryJudges.LongerAtEnd(Of(runs, 16), Window)),
        new("longer-at-32", "With batches of 32 the trajectory is longer for the more complex target.", "App. A.6, Figure 9",
            runs => TrajectoryJudges.LongerAtEnd(Of(runs, 32), Window)),
        new("with-test-loss", "With batches, too, longer trajectories come with a worse loss on test data.", "App. A.6, Figure 9",
            runs => Judge.All(
                ("batches of 16", TrajectoryJudges.BothLarger(Of(runs, 16), Window)),
                ("batches of 32", TrajectoryJudges.BothLarger(Of(runs, 32), Window)))),
        new("longer-with-batch", "A larger batch makes the trajectory slightly longer.", "App. A.6, Figure 9",
            runs => Judge.All([.. runs.Select(run => run.Training).ByLevel().Select(frequency =>
                (frequency.First().Group, ByBatch([.. runs.Where(run => run.Training.Level == frequency.Key)])))
                .Concat(runs.Select(run => run.Training).ByLevel().Select(frequency =>
                    ($"{frequency.First().Group}, slightly", Slightly([.. runs.Where(run => run.Training.Level == frequency.Key)]))))])),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"2 frequencies, batches of 1, 16 and 32, {Steps(scale):N0} steps",
        CosineTrainings.Seeds(scale),
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 4 : 40 * CosineTrainings.Seeds(scale)));

    /// <inheritdoc/>
    public override ImmutableArray<BatchRun> Compute(ExperimentContext context)
    {
        (int Batch, double Frequency, int Seed)[] all =
            [.. from batch in s_batches from frequency in s_frequencies from seed in context.Seeds select (batch, frequency, seed)];
        return context.Replicate("training", all, (item, replica) =>
        {
            var settings = CosineTask.Settings(item.Seed, 0) with
            {
                Epochs = null,
                Steps = Steps(context.Scale),
                BatchSize = item.Batch,
                TrajectoryWindow = Interval,
            };
            return new BatchRun(item.Batch, CosineTrainings.Train(
                context, item.Frequency, item.Seed, CosineTask.Network(item.Seed), settings, replica));
        });
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<BatchRun> runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = "Task 1 again, with one, 16 and 32 examples a step and as many steps. Theorem 1 is exact for one example a step; "
            + "with more, the slopes at the examples of a batch may cancel each other, and the trajectory is measured without a "
                + "bound to hold it against.",
            Panels = [.. s_batches.Select(batch => Row(batch, Of(runs, batch)))],
            Settings =
        [
            .. CosineTask.Described(context).SkipLast(1), new("batch", "1, 16, 32, drawn with replacement", Origin.Stated),
            new("ε of a batch", "the mean of its examples’", Origin.Chosen),
            new("slightly longer", $"less than {Slight} times as long with batches of {s_batches[^1]} as with one example", Origin.Chosen),
            new("steps", (long)Steps(context.Scale), Origin.Chosen),
            TrainingFit.Setting, new("seeds", string.Join(", ", context.Seeds), Origin.Run),
        ],
            Tables =
        [
            .. s_batches.Select(batch => TrajectoryFigure.Table($"batch-{batch}", Of(runs, batch))),
            .. s_batches.Select(batch => TrajectoryFigure.EndTable($"trainings-{batch}", Of(runs, batch))),
        ],
        };

    private static TrajectoryRun[] Of(ImmutableArray<BatchRun> runs, int batch) =>
        [.. runs.Where(run => run.Batch == batch).Select(run => run.Training)];

    private static Finding ByBatch(BatchRun[] runs) => Judge
        .Rises($"trajectory length in {Window} at the end", [.. runs
            .GroupBy(run => run.Batch)
            .Select(group => new SeedGroup($"batches of {group.Key}", group.Key, [.. group.Select(run => run.Training.EndLength)]))])
        .IfFitted([.. runs.Select(run => run.Training)]);

    private static Finding Slightly(BatchRun[] runs)
    {
        double Length(IEnumerable<BatchRun> own, int batch) => own.Single(run => run.Batch == batch).Training.EndLength;
        return Judge
            .IsBelow(
                $"factor of the length in {Window} at the end, from one example to {s_batches[^1]},",
                [
                    .. runs.GroupBy(run => run.Training.Seed)
                        .Select(seed => Length(seed, s_batches[^1]) / Length(seed, s_batches[0])),
                ],
                Slight,
                "from which on an increase isn’t slight")
            .IfFitted([.. runs.Select(run => run.Training)]);
    }

    private static Section Row(int batch, TrajectoryRun[] runs) => new(
        batch == 1 ? "One example a step, for comparison" : $"Batches of {batch}",
        new SideBySide(
            TrajectoryFigure.Panel(
                "Training loss", "step", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TrainingLoss),
            TrajectoryFigure.Panel(
                $"Bias trajectory in {Window}", "step", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), "frequency ω", runs,
                run => run.FirstLengths),
            TrajectoryFigure.Panel(
                "Test loss", "step", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TestLoss)));

    private static int Steps(ExperimentScale scale) => scale == ExperimentScale.Smoke ? 2_000 : 1_000_000;
}
