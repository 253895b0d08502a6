using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-10: lengths by frequency, layer by layer.</summary>
internal sealed class DeeperBiasesRuns() : MadeUpRuns<ImmutableArray<TrajectoryRun>>(new DeeperBiases())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<TrajectoryRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("three layers follow the frequency, the fourth does not, ten times less by layer",
            Layers(level => [1e6 * (1 + (0.2 * level)), 1e5 * (1 + (0.2 * level)), 1e4 * (1 + (0.2 * level)), 1e3, 100]),
            [
                ("layer-1", Verdict.Reproduced), ("layer-2", Verdict.Reproduced), ("layer-3", Verdict.Reproduced),
                ("layer-4", Verdict.Reproduced), ("falls-by-ten", Verdict.Reproduced),
            ]),
        ("all fall with the frequency, twice less by layer",
            Layers(level => [1600 / (1 + level), 800 / (1 + level), 400 / (1 + level), 200 / (1 + level), 100]),
            [
                ("layer-1", Verdict.NotReproduced), ("layer-2", Verdict.NotReproduced), ("layer-3", Verdict.NotReproduced),
                ("layer-4", Verdict.NotReproduced), ("falls-by-ten", Verdict.NotReproduced),
            ]),
        ("the fourth layer rises", Layers(level => [1, 1, 1, 100 + (20 * level), 100]), [("layer-4", Verdict.NotReproduced)]),
        ("the fourth layer falls", Layers(level => [1, 1, 1, 160 - (20 * level), 100]), [("layer-4", Verdict.NotReproduced)]),
        ("the fourth layer rises and falls again",
            Layers(level => [1, 1, 1, level is 1 or 2 ? 140 : 100, 100]), [("layer-4", Verdict.NotReproduced)]),
        ("ten times less by layer on average alone",
            Layers(level => level % 2 == 0 ? [1e8, 1e6, 1e4, 1e2, 1] : [1.4, 1.3, 1.2, 1.1, 1]), [("falls-by-ten", Verdict.NotReproduced)]),
        ("one step between layers is a hundredfold", Layers(level => [1e6, 1e5, 1e4, 1e3, 10]), [("falls-by-ten", Verdict.NotReproduced)]),
        ("as claimed in three seeds, the opposite in two",
            Mixed(
                Layers(level => [1e6 * (1 + (0.2 * level)), 1e5 * (1 + (0.2 * level)), 1e4 * (1 + (0.2 * level)), 1e3, 100]),
                Layers(level => [2e6 / (1 + level), 1e6 / (1 + level), 5e5 / (1 + level), 1e3 + (400 * level), 100]), run => run.Seed),
            [
                ("layer-1", Verdict.Undecided), ("layer-2", Verdict.Undecided), ("layer-3", Verdict.Undecided),
                ("layer-4", Verdict.Undecided),
            ]),
        ("ten times less by layer in three seeds, hardly less in two",
            Mixed(Layers(_ => [1e6, 1e5, 1e4, 1e3, 100]), Layers(_ => [160, 150, 140, 120, 100]), run => run.Seed),
            [("falls-by-ten", Verdict.Undecided)]),
        ("as claimed, where one frequency isn't fitted",
            Layers(level => [1e6 * (1 + level), 1e5 * (1 + level), 1e4 * (1 + level), 1e3, 100], left: 0.5),
            [
                ("layer-1", Verdict.Undecided), ("layer-2", Verdict.Undecided), ("layer-3", Verdict.Undecided),
                ("layer-4", Verdict.Undecided), ("falls-by-ten", Verdict.Undecided),
            ]),
    ];

    private static ImmutableArray<TrajectoryRun> Layers(Func<int, double[]> lengths, double left = 0.01) =>
        Levels((level, seed) => Trained(level, seed, lengths(level), left: level == 3 ? left : 0.01));
}
