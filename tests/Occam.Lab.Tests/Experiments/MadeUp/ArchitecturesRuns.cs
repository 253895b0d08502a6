using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-8: a convolutional network (level 0) and a perceptron (level 1).</summary>
internal sealed class ArchitecturesRuns() : MadeUpRuns<ImmutableArray<ArchitectureRun>>(new Architectures())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<ArchitectureRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both fit, the convolutional network goes a shorter way and overfits less", Networks((1, 0.01, 1), (2, 0.01, 2)),
            [
                ("both-fit", Verdict.Reproduced), ("equally-well", Verdict.Reproduced), ("cnn-shorter", Verdict.Reproduced),
                ("cnn-overfits-less", Verdict.Reproduced),
            ]),
        ("both fit, the perceptron goes a shorter way and overfits less", Networks((2, 0.01, 2), (1, 0.01, 1)),
            [
                ("both-fit", Verdict.Reproduced), ("cnn-shorter", Verdict.NotReproduced), ("cnn-overfits-less", Verdict.NotReproduced),
            ]),
        ("the convolutional network goes a shorter way and overfits less in three seeds, the perceptron in two",
            Mixed(Networks((1, 0.01, 1), (2, 0.01, 2)), Networks((2, 0.01, 2), (1, 0.01, 1)), run => run.Training.Seed),
            [("cnn-shorter", Verdict.Undecided), ("cnn-overfits-less", Verdict.Undecided)]),
        ("only the convolutional network fits", Networks((1, 0.01, 1), (2, 0.5, 2)),
            [
                ("both-fit", Verdict.NotReproduced), ("equally-well", Verdict.NotReproduced), ("cnn-shorter", Verdict.Undecided),
                ("cnn-overfits-less", Verdict.Undecided),
            ]),
        ("one perceptron of five doesn't fit", [.. Networks((1, 0.01, 1), (2, 0.01, 2)).Select(run =>
            run.Training is { Level: 1, Seed: 3 } ? run with { Training = Trained(1, 3, [2], 2, 0.5) } : run)],
            [("both-fit", Verdict.Undecided), ("equally-well", Verdict.Undecided), ("cnn-shorter", Verdict.Undecided)]),
        ("the convolutional network's losses are higher, and nearer to each other", Networks((1, 0.04, 0.1), (2, 0.001, 0.09)),
            [("cnn-overfits-less", Verdict.Reproduced)]),
        ("both fit, one a little better", Networks((1, 0.01, 1), (2, 0.013, 2)), [("equally-well", Verdict.Reproduced)]),
        ("both fit, one better", Networks((1, 0.01, 1), (2, 0.04, 2)),
            [("both-fit", Verdict.Reproduced), ("equally-well", Verdict.NotReproduced)]),
    ];

    private static ImmutableArray<ArchitectureRun> Networks(
        (double Length, double Left, double TestLoss) convolutional, (double Length, double Left, double TestLoss) perceptron) =>
    [
        .. from training in Levels((level, seed) =>
            {
                var (length, left, testLoss) = level == 0 ? convolutional : perceptron;
                return Trained(level, seed, [length], testLoss, Spread(left, seed));
            })
           where training.Level < 2
           from each in (int[])[100, 1000]
           select new ArchitectureRun(each, training),
    ];
}
