using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-2-cifar: lengths, losses and epochs by the fraction of redrawn labels.</summary>
internal sealed class ImageTrajectoriesRuns() : MadeUpRuns<ImageTrainingSet>(new ImageTrajectories())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImageTrainingSet Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("slower, longer and worse",
            Images(Levels((level, seed) =>
                Trained(level, seed, [10 * (level + 1)], testLoss: level + 1, fitAfter: (4 * level) + (seed % 2)))),
            [("slower", Verdict.Reproduced), ("longer", Verdict.Reproduced), ("with-test-loss", Verdict.Reproduced)]),
        ("faster and shorter, with the worse test loss",
            Images(Levels((level, seed) =>
                Trained(level, seed, [10 * (4 - level)], testLoss: level + 1, fitAfter: (4 * (3 - level)) + (seed % 2)))),
            [("slower", Verdict.NotReproduced), ("longer", Verdict.NotReproduced), ("with-test-loss", Verdict.NotReproduced)]),
        ("as the paper says in three seeds, the other way in two",
            Images(Levels((level, seed) =>
            {
                var claimed = seed % 2 == 0;
                return Trained(
                    level, seed, [10 * (claimed ? level + 1 : 4 - level)], testLoss: level + 1,
                    fitAfter: 4 * (claimed ? level : 3 - level));
            })),
            [("slower", Verdict.Undecided), ("longer", Verdict.Undecided), ("with-test-loss", Verdict.Undecided)]),
        ("redrawn labels are never fitted",
            Images(Levels((level, seed) => Trained(level, seed, [10 * (4 - level)], testLoss: level + 1, left: level > 0 ? 0.8 : 0.01))),
            [("slower", Verdict.Undecided), ("longer", Verdict.Undecided), ("with-test-loss", Verdict.Undecided)]),
    ];

    /// <summary>Trainings as those of Task 2.</summary>
    internal static ImageTrainingSet Images(ImmutableArray<TrajectoryRun> runs) => new(runs, 100, 50, Windows, 12, Decays: false);
}
