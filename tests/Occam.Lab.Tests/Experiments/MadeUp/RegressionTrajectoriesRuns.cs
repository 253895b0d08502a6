using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-2-regression: lengths, losses, epochs and bounds by frequency.</summary>
internal sealed class RegressionTrajectoriesRuns() : MadeUpRuns<CosineRuns>(new RegressionTrajectories())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, CosineRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("slower, longer and worse as the frequency grows",
            Of(Levels((level, seed) => Trained(level, seed, [10 * (level + 1)], testLoss: level + 1, fitAfter: (4 * level) + (seed % 2)))),
            [
                ("slower", Verdict.Reproduced), ("longer", Verdict.Reproduced), ("with-test-loss", Verdict.Reproduced),
                ("theorem-1", Verdict.Reproduced), ("theorem-1-on-a-plane", Verdict.Reproduced), ("corollary-2", Verdict.Reproduced),
                ("corollary-3", Verdict.Reproduced),
            ]),
        ("faster and shorter as the frequency grows",
            Of(Levels((level, seed) =>
                Trained(level, seed, [10 * (4 - level)], testLoss: 4 - level, fitAfter: (4 * (3 - level)) + (seed % 2)))),
            [("slower", Verdict.NotReproduced), ("longer", Verdict.NotReproduced), ("with-test-loss", Verdict.Reproduced)]),
        ("the shortest trajectories have the worst test loss, and high frequencies too",
            Of(Levels((level, seed) => Trained(level, seed, [10 * (4 - level)], testLoss: level + 1))),
            [("with-test-loss", Verdict.NotReproduced)]),
        ("longer on the way as the frequency grows, and shorter at the end",
            Of(Levels((level, seed) => Trained(
                level, seed, [10 * (4 - level)], testLoss: level + 1, onTheWay: Math.Pow(10, level)))),
            [("longer", Verdict.NotReproduced), ("with-test-loss", Verdict.NotReproduced)]),
        ("the highest frequency is never fitted",
            Of(Levels((level, seed) => Trained(
                level, seed, [10 * (level + 1)], testLoss: level + 1, left: level == 3 ? 0.9 : 0.01, fitAfter: (4 * level) + (seed % 2)))),
            [
                ("slower", Verdict.Reproduced), ("longer", Verdict.Undecided), ("with-test-loss", Verdict.Undecided),
                ("theorem-1", Verdict.Reproduced),
            ]),
        ("one long trajectory among short ones",
            Of(Levels((level, seed) => Trained(level, seed, [(level, seed) == (3, 4) ? 1000 : 10 + (0.1 * seed)], testLoss: level + 1))),
            [("longer", Verdict.Undecided)]),
        ("slower as the frequency grows in three seeds, faster in two",
            Of(Levels((level, seed) => Trained(level, seed, [10 * (level + 1)], fitAfter: 4 * (seed % 2 == 0 ? level : 3 - level)))),
            [("slower", Verdict.Undecided)]),
        ("the length never changes", Of(Levels((level, seed) => Trained(level, seed, [0], testLoss: level + 1))),
            [("longer", Verdict.NotReproduced), ("with-test-loss", Verdict.Undecided)]),
        ("one training diverged, and has no bounds", Failing(new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN,
            (double.NaN, double.NaN))),
            [
                ("theorem-1", Verdict.Undecided), ("theorem-1-on-a-plane", Verdict.Undecided), ("corollary-2", Verdict.Undecided),
                ("corollary-3", Verdict.Undecided),
            ]),
        ("no frequency is ever fitted", Of(Levels((level, seed) => Trained(level, seed, [level + 1], left: 0.9))),
            [("slower", Verdict.Undecided)]),
        ("the largest target is fitted to the last digit that counts, and one more is not",
            Of(Levels((level, seed) => Trained(level, seed, [10 * (level + 1)], left: level == 3 ? 0.05 : 0.01))),
            [("longer", Verdict.Reproduced)]),
        ("the lower bound fails in one training", Failing(new(-0.1, 0.1, 0.1, 0.1, 0.1, 1e-5, (0.9, 1.1))),
            [("theorem-1", Verdict.NotReproduced), ("theorem-1-on-a-plane", Verdict.Reproduced)]),
        ("the upper bound fails in one training", Failing(new(0.1, -0.1, 0.1, 0.1, 0.1, 1e-5, (1.1, 0.9))),
            [("theorem-1", Verdict.NotReproduced)]),
        ("a stored step differs from its closed form", Failing(Holding with { Disagreement = 0.1 }),
            [("theorem-1", Verdict.NotReproduced)]),
        ("the bound on the plane fails in one training", Failing(Holding with { Span = -0.1 }),
            [("theorem-1-on-a-plane", Verdict.NotReproduced), ("theorem-1", Verdict.Reproduced)]),
        ("the variance is below its bound in one training", Failing(Holding with { Variance = -0.1 }),
            [("corollary-2", Verdict.NotReproduced), ("corollary-3", Verdict.Reproduced)]),
        ("the bias moves too far in one training", Failing(Holding with { Distance = -0.1 }),
            [("corollary-3", Verdict.NotReproduced), ("corollary-2", Verdict.Reproduced)]),
    ];

    private static CosineRuns Failing(TrajectoryBounds bounds) => new(
        Levels((level, seed) => Trained(level, seed, [1])),
        Levels((level, seed) => Trained(level, seed, [1], bounds: (level, seed) == (2, 3) ? bounds : null)));

    private static CosineRuns Of(ImmutableArray<TrajectoryRun> figure) =>
        new(figure, Levels((level, seed) => Trained(level, seed, [1], left: 0.9)));
}
