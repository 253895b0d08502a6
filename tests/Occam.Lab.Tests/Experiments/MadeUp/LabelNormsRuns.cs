using System.Collections.Immutable;
using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpClassifiers;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-1: norms by labels and size of the training set.</summary>
internal sealed class LabelNormsRuns() : MadeUpRuns<ImmutableArray<NormValues>>(new LabelNorms())
{
    private static readonly string[] s_claims =
        [
        "higher-for-random", "gap-grows", "gap-grows-most-for-l2", "capacity-near-linear", "little-growth-on-true",
        "percentile-insensitive",
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<NormValues> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the paper says", Networks(Pronounced, Small), [.. s_claims.Select(claim => (claim, Verdict.Reproduced))]),
        ("true labels in place of random ones, and the margins of other shares turn the order around",
            Turned(Networks(Small, Pronounced, apart: -0.5)),
            [.. s_claims.Select(claim => (claim, Verdict.NotReproduced))]),
        ("as the paper says in three seeds, the other way in two",
            Mixed(Networks(Pronounced, Small), Turned(Networks(Small, Pronounced, apart: -0.5)), run => run.Trained.Seed),
            [.. s_claims.Select(claim => (claim, Verdict.Undecided))]),
        ("the capacity grows with the square of the size", Networks(_ => 2, Small),
            [("capacity-near-linear", Verdict.NotReproduced), ("gap-grows", Verdict.Reproduced)]),
        ("the ℓ2 norms' gaps are the largest, and grow least", Networks(norm => 2 - Pronounced(norm), Small, pronounced: 3),
            [("gap-grows", Verdict.Reproduced), ("gap-grows-most-for-l2", Verdict.NotReproduced)]),
        ("one network makes mistakes", WithMistakes(Networks(Pronounced, Small)),
            [.. s_claims.Select(claim => (claim, Verdict.Undecided))]),
    ];

    // The powers of the size that the norms grow with.
    private static double Pronounced(int norm) => norm is NormValues.L2 or NormValues.L2Path ? 1.2 : 0.8;

    private static double Small(int norm) => 0.1;

    private static ImmutableArray<NormValues> Networks(Func<int, double> random, Func<int, double> own, double apart = 0.5,
        double? pronounced = null) =>
    [
        .. from size in new[] { 500, 1000, 2000 }
           from isRandom in new[] { false, true }
           from seed in Enumerable.Range(0, 5)
           let power = isRandom ? random : own
           select Norms(
               Trained($"{size} labels", size, seed, isRandom),
               norm => 20 + ((isRandom ? 1 : -1) * (pronounced is { } more && Pronounced(norm) > 1 ? more : apart))
                   + (power(norm) * Math.Log10(size / 500.0))
                   + Jitter(0.03, norm, size, isRandom ? 1 : 0, seed)),
    ];

    private static ImmutableArray<NormValues> Turned(ImmutableArray<NormValues> runs) =>
    [
        .. runs.Select(run => run with
        {
            Margins = [.. NormValues.Shares.Select((_, i) => i == NormValues.Usual ? 1 : Math.Pow(10, run.Norms.Average()))],
        }),
    ];

    private static ImmutableArray<NormValues> WithMistakes(ImmutableArray<NormValues> runs) =>
        runs.SetItem(3, runs[3] with { Trained = runs[3].Trained with { TrainingError = 0.01 } });
}
