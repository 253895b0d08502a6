using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-7: whole lengths and test losses by complexity.</summary>
internal sealed class TotalTrajectoriesRuns() : MadeUpRuns<BothTasks>(new TotalTrajectories())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, BothTasks Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("regression as the paper says, classification the other way",
            Both((level => level + 1, level => level + 1), (level => 4 - level, level => level + 1)),
            [
                ("regression-longer", Verdict.Reproduced), ("regression-with-test-loss", Verdict.Reproduced),
                ("classification-longer", Verdict.NotReproduced), ("classification-with-test-loss", Verdict.NotReproduced),
            ]),
        ("classification as the paper says, regression the other way",
            Both((level => 4 - level, level => level + 1), (level => level + 1, level => level + 1)),
            [
                ("regression-longer", Verdict.NotReproduced), ("regression-with-test-loss", Verdict.NotReproduced),
                ("classification-longer", Verdict.Reproduced), ("classification-with-test-loss", Verdict.Reproduced),
            ]),
        ("one trajectory is a hundred times as long as all others, which are alike",
            new(
                Levels((level, seed) => Trained(level, seed, [(level, seed) == (3, 2) ? 100 : 1 + (0.01 * seed)], testLoss: level + 1)),
                ImageTrajectoriesRuns.Images(Levels((level, seed) =>
                    Trained(level, seed, [(level, seed) == (0, 2) ? 100 : 1 + (0.01 * level)], testLoss: level + 1)))),
            [("regression-longer", Verdict.Undecided), ("classification-longer", Verdict.Undecided)]),
        ("longer with the worse test loss in three seeds, shorter in two",
            new(Turning, ImageTrajectoriesRuns.Images(Turning)),
            [
                ("regression-longer", Verdict.Undecided), ("regression-with-test-loss", Verdict.Undecided),
                ("classification-longer", Verdict.Undecided), ("classification-with-test-loss", Verdict.Undecided),
            ]),
        ("shorter trajectories at higher levels, which generalize better",
            Both((level => 4 - level, level => 4 - level), (level => 4 - level, level => 4 - level)),
            [
                ("regression-longer", Verdict.NotReproduced), ("regression-with-test-loss", Verdict.Reproduced),
                ("classification-longer", Verdict.NotReproduced), ("classification-with-test-loss", Verdict.Reproduced),
            ]),
        ("in all as the paper says, and at the end the other way",
            new(OnTheWay, ImageTrajectoriesRuns.Images(OnTheWay)),
            [
                ("regression-longer", Verdict.Reproduced), ("regression-with-test-loss", Verdict.Reproduced),
                ("classification-longer", Verdict.Reproduced), ("classification-with-test-loss", Verdict.Reproduced),
            ]),
        ("as the paper says, where the regression isn't fitted",
            Both((level => level + 1, level => level + 1), (level => level + 1, level => level + 1), ofRegression: 0.9),
            [
                ("regression-longer", Verdict.Undecided), ("regression-with-test-loss", Verdict.Undecided),
                ("classification-longer", Verdict.Reproduced), ("classification-with-test-loss", Verdict.Reproduced),
            ]),
        ("as the paper says, where redrawn labels aren't fitted",
            Both((level => level + 1, level => level + 1), (level => level + 1, level => level + 1), ofClassification: 0.9),
            [
                ("regression-longer", Verdict.Reproduced), ("regression-with-test-loss", Verdict.Reproduced),
                ("classification-longer", Verdict.Undecided), ("classification-with-test-loss", Verdict.Undecided),
            ]),
    ];

    private static ImmutableArray<TrajectoryRun> OnTheWay { get; } = Levels((level, seed) =>
        Trained(level, seed, [4 - level], testLoss: level + 1, onTheWay: Math.Pow(10, level)));

    private static ImmutableArray<TrajectoryRun> Turning { get; } = Levels((level, seed) =>
        Trained(level, seed, [seed % 2 == 0 ? level + 1 : 4 - level], testLoss: level + 1));

    // Of the last level the part of the best constant's loss that is left.
    private static BothTasks Both(
        (Func<int, double> Length, Func<int, double> TestLoss) regression,
        (Func<int, double> Length, Func<int, double> TestLoss) classification, double ofRegression = 0.01,
        double ofClassification = 0.01)
    {
        static ImmutableArray<TrajectoryRun> Of((Func<int, double> Length, Func<int, double> TestLoss) task, double left) =>
            Levels((level, seed) => Trained(
                level, seed, [task.Length(level)], testLoss: task.TestLoss(level), left: level == 3 ? left : 0.01));
        return new BothTasks(Of(regression, ofRegression), ImageTrajectoriesRuns.Images(Of(classification, ofClassification)));
    }
}
