using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-open-optimizers: lengths by frequency in each way of training, and of the weights.</summary>
internal sealed class OtherOptimizersRuns() : MadeUpRuns<ImmutableArray<OptimizerRun>>(new OtherOptimizers())
{
    private const string Weights = "weights";

    private static readonly string[] s_longer =
        [.. TrainingWay.All.Skip(1).Select(way => $"longer-with-{way.Id}")];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<OptimizerRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("all longer with frequency", Of((_, level) => 10 + (10 * level), (_, level) => 1 + level),
            [.. s_longer.Append(Weights).Select(claim => (claim, Verdict.Reproduced))]),
        ("all shorter", Of((_, level) => 40 - (10 * level), (_, level) => 4 - level),
            [.. s_longer.Append(Weights).Select(claim => (claim, Verdict.NotReproduced))]),
        ("all as long at both", Of((_, _) => 10, (_, _) => 1), [.. s_longer.Append(Weights).Select(claim => (claim, Verdict.Undecided))]),
        ("Adam alone shorter", Of((way, level) => way == "adam" ? 40 - (10 * level) : 10 + (10 * level), (_, level) => 1 + level),
            [
                .. s_longer.Select(claim => (claim, claim.EndsWith("adam", StringComparison.Ordinal)
                    ? Verdict.NotReproduced
                    : Verdict.Reproduced)),
            ]),
        ("the weights of one layer shorter", Of((_, level) => 10 + (10 * level), (layer, level) => layer == 1 ? 4 - level : 1 + level),
            [(Weights, Verdict.NotReproduced)]),
        ("none fits the higher frequency", Of((_, level) => 10 + (10 * level), (_, level) => 1 + level, left: 0.5),
            [.. s_longer.Append(Weights).Select(claim => (claim, Verdict.Undecided))]),
    ];

    private static ImmutableArray<OptimizerRun> Of(Func<string, int, double> length, Func<int, int, double> weights, double left = 0.01) =>
    [
        .. from way in TrainingWay.All
           from training in Levels((level, seed) => Trained(level, seed, [length(way.Id, level)], left: level == 2 ? left : 0.01))
           where training.Level is 0 or 2
           select new OptimizerRun(way.Id, training, way == TrainingWay.Plain
               ? [.. Enumerable.Range(0, 4).Select(layer => Spread(weights(layer, (int)training.Level), training.Seed))]
               : []),
    ];
}
