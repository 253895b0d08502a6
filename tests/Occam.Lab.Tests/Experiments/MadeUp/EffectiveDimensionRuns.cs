using System.Collections.Immutable;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-open-dimension: dimensions and description lengths that go with the complexity, or the other way.</summary>
internal sealed class EffectiveDimensionRuns() : MadeUpRuns<ImmutableArray<DimensionRun>>(new EffectiveDimension())
{
    private const string Dimension = "effective-dimension";
    private const string Length = "description-length";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<DimensionRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both go with it", Of((_, _) => 1, _ => 1), [(Dimension, Verdict.Reproduced), (Length, Verdict.Reproduced)]),
        ("both go the other way", Of((_, _) => -1, _ => -1), [(Dimension, Verdict.NotReproduced), (Length, Verdict.NotReproduced)]),
        ("the dimension goes the other way at the largest z", Of((_, z) => z == 2 ? -1 : 1, _ => 1),
            [(Dimension, Verdict.NotReproduced), (Length, Verdict.Reproduced)]),
        ("they have nothing to do with it", Of((_, _) => 0, _ => 0), [(Dimension, Verdict.NotReproduced), (Length, Verdict.NotReproduced)]),
        ("they go with it in three seeds, and the other way in two", Of((seed, _) => seed < 3 ? 1 : -1, seed => seed < 3 ? 1 : -1),
            [(Dimension, Verdict.Undecided), (Length, Verdict.Undecided)]),
        ("one training doesn't fit", [.. Of((_, _) => 1, _ => 1).Select((run, i) => i == 3 ? run with { TrainingLoss = 0.1 } : run)],
            [(Dimension, Verdict.Undecided), (Length, Verdict.Undecided)]),
    ];

    private static ImmutableArray<DimensionRun> Of(Func<int, int, double> dimension, Func<int, double> length) =>
    [
        .. from level in Enumerable.Range(0, 8)
           from seed in Enumerable.Range(0, 5)
           let noise = Math.Sin((7 * seed) + (13 * level))
           let complexity = 10 * Math.Exp(0.3 * level)
           select new DimensionRun(
               0.1 / (level + 1), 16, seed, 0.01, complexity,
               [.. Enumerable.Range(0, 3).Select(z => 100 * Math.Pow(complexity, dimension(seed, z)) * Math.Exp(0.05 * noise))],
               500 * Math.Pow(complexity, length(seed)) * Math.Exp(0.05 * noise)),
    ];
}
