using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-9: lengths and test losses by frequency and batch.</summary>
internal sealed class TrajectoryByBatchSizeRuns() : MadeUpRuns<ImmutableArray<BatchRun>>(new TrajectoryByBatchSize())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<BatchRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("longer with frequency and slightly with the batch",
            Batches((batch, level) => (10 + (10 * level)) * (1 + (0.01 * batch)), level => level + 1),
            [
                ("longer-at-16", Verdict.Reproduced), ("longer-at-32", Verdict.Reproduced), ("with-test-loss", Verdict.Reproduced),
                ("longer-with-batch", Verdict.Reproduced),
            ]),
        ("shorter with frequency and with the batch, worse at high frequency",
            Batches((batch, level) => (40 - (10 * level)) / (1 + (0.1 * batch)), level => level + 1),
            [
                ("longer-at-16", Verdict.NotReproduced), ("longer-at-32", Verdict.NotReproduced), ("with-test-loss", Verdict.NotReproduced),
                ("longer-with-batch", Verdict.NotReproduced),
            ]),
        ("four times as long with a batch of 32, which isn't slightly",
            Batches((batch, level) => (10 + (10 * level)) * (1 + (0.1 * batch)), level => level + 1),
            [("longer-at-32", Verdict.Reproduced), ("longer-with-batch", Verdict.NotReproduced)]),
        ("longer with the batch at one frequency, shorter at the other",
            Batches((batch, level) => 10 + (level == 0 ? 0.1 * batch : -0.1 * batch), level => level + 1),
            [("longer-with-batch", Verdict.NotReproduced)]),
        ("as the paper says in three seeds, the other way in two",
            Mixed(
                Batches((batch, level) => (10 + (10 * level)) * (1 + (0.01 * batch)), level => level + 1),
                Batches((batch, level) => (40 - (10 * level)) / (1 + (0.01 * batch)), level => level + 1), run => run.Training.Seed),
            [
                ("longer-at-16", Verdict.Undecided), ("longer-at-32", Verdict.Undecided), ("with-test-loss", Verdict.Undecided),
                ("longer-with-batch", Verdict.Undecided),
            ]),
        ("batches of 32 aren't fitted",
            Batches((batch, level) => (10 + (10 * level)) * (1 + (0.1 * batch)), level => level + 1, batch => batch == 32 ? 0.5 : 0.01),
            [
                ("longer-at-16", Verdict.Reproduced), ("longer-at-32", Verdict.Undecided), ("with-test-loss", Verdict.Undecided),
                ("longer-with-batch", Verdict.Undecided),
            ]),
        ("batches of 16 aren't fitted",
            Batches((batch, level) => (10 + (10 * level)) * (1 + (0.01 * batch)), level => level + 1, batch => batch == 16 ? 0.5 : 0.01),
            [
                ("longer-at-16", Verdict.Undecided), ("longer-at-32", Verdict.Reproduced), ("with-test-loss", Verdict.Undecided),
                ("longer-with-batch", Verdict.Undecided),
            ]),
    ];

    private static ImmutableArray<BatchRun> Batches(
        Func<int, int, double> length, Func<int, double> testLoss, Func<int, double>? left = null) =>
    [
        .. from batch in (int[])[1, 16, 32]
           from training in Levels((level, seed) => Trained(
               level, seed, [length(batch, level)], testLoss: testLoss(level), left: left?.Invoke(batch) ?? 0.01))
           where training.Level is 0 or 2
           select new BatchRun(batch, training),
    ];
}
