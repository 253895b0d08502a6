using System.Collections.Immutable;
using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpClassifiers;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>
/// eg-open-combination: four hyperparameters of two values, and a gap that is larger for the second value of each. Norm and sharpness
/// follow or oppose it, hyperparameter by hyperparameter.
/// </summary>
internal sealed class OpenCombinationRuns() : MadeUpRuns<ImmutableArray<CombinationRun>>(new OpenCombination())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<CombinationRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("norm and sharpness follow two hyperparameters each, and together all", Networks([2, 2, -1, -1], [-1, -1, 2, 2], kl: 1, sum: 1),
            [
                ("kl-predicts", Verdict.Reproduced), ("kl-beats-sharpness", Verdict.Reproduced), ("kl-beats-norms", Verdict.Reproduced),
                ("product-beats-factors", Verdict.Reproduced), ("sum-beats-kl", Verdict.Undecided),
                ("path-product-beats-factors", Verdict.Reproduced), ("path-product-beats-kl", Verdict.Undecided),
            ]),
        ("the divergence goes against the gap", Networks([1, 1, 1, 1], [1, 1, 1, 1], kl: -1, sum: 1),
            [
                ("kl-predicts", Verdict.NotReproduced), ("kl-beats-sharpness", Verdict.NotReproduced),
                ("kl-beats-norms", Verdict.NotReproduced), ("sum-beats-kl", Verdict.Reproduced),
                ("path-product-beats-kl", Verdict.Reproduced),
            ]),
        ("the divergence, and products, rank as the gap does in three seeds, and against it in two",
            Mixed(
                Networks([2, 2, -1, -1], [-1, -1, 2, 2], kl: 1, sum: 1), Networks([3, 3, 3, 3], [-4, -4, -4, -4], kl: -1, sum: -1),
                run => run.Seed),
            [
                ("kl-predicts", Verdict.Undecided), ("kl-beats-sharpness", Verdict.Undecided), ("kl-beats-norms", Verdict.Undecided),
                ("product-beats-factors", Verdict.Undecided), ("path-product-beats-factors", Verdict.Undecided),
            ]),
        ("the sharpness spoils what the norm says, and the sum what the divergence does",
            Networks([3, 3, 3, 3], [-4, -4, -4, -4], kl: 1, sum: -1),
            [
                ("product-beats-factors", Verdict.NotReproduced), ("sum-beats-kl", Verdict.NotReproduced),
                ("path-product-beats-factors", Verdict.NotReproduced), ("path-product-beats-kl", Verdict.NotReproduced),
            ]),
        ("maximum sharpness alone follows the gap, and the divergence hardly",
            [.. Networks([1, 1, 1, 1], [-1, -1, -1, -1], kl: -1, sum: 1).Select(run =>
                run with { Sharpness = run.Sharpness with { Max = run.Level } })],
            [("kl-beats-sharpness", Verdict.NotReproduced)]),
        ("seed 0, which was looked at, says the opposite of the others",
            [
                .. Networks([3, 3, 3, 3], [-4, -4, -4, -4], kl: 1, sum: -1).Where(run => run.Seed > 0),
                .. Networks([2, 2, -1, -1], [-1, -1, 2, 2], kl: -1, sum: 1).Where(run => run.Seed == 0),
            ],
            [("path-product-beats-factors", Verdict.NotReproduced), ("path-product-beats-kl", Verdict.NotReproduced)]),
        ("of a few networks that make mistakes nothing is known", Networks([2, 2, -1, -1], [-1, -1, 2, 2], kl: 1, sum: 1, mistakes: 1),
            [
                ("kl-predicts", Verdict.Reproduced), ("kl-beats-sharpness", Verdict.Reproduced), ("kl-beats-norms", Verdict.Reproduced),
                ("product-beats-factors", Verdict.Reproduced),
            ]),
        ("an eighth of the networks make mistakes", Networks([2, 2, -1, -1], [-1, -1, 2, 2], kl: 1, sum: 1, mistakes: 2),
            [
                ("kl-predicts", Verdict.Undecided), ("kl-beats-sharpness", Verdict.Undecided), ("kl-beats-norms", Verdict.Undecided),
                ("product-beats-factors", Verdict.Undecided), ("sum-beats-kl", Verdict.Undecided),
                ("path-product-beats-factors", Verdict.Undecided), ("path-product-beats-kl", Verdict.Undecided),
            ]),
    ];

    private static ImmutableArray<CombinationRun> Networks(int[] norm, int[] sharpness, double kl, double sum, int mistakes = 0) =>
    [
        .. from setting in Enumerable.Range(0, 16)
           from seed in Enumerable.Range(0, 5)
           let codes = Enumerable.Range(0, 4).Select(bit => (setting >> bit) & 1).ToArray()
           let along = codes.Sum()
           select Network(
               codes,
               Trained(
                   $"setting {setting}", setting, seed, trainingError: setting < mistakes ? 0.01 : 0,
                   testError: 0.1 + (0.02 * along) + Jitter(0.011, setting, seed)),
               0.1 * codes.Zip(norm, (code, weight) => code * weight).Sum(),
               0.1 * codes.Zip(sharpness, (code, weight) => code * weight).Sum(),
               0.1 * kl * along,
               0.01 * sum * along),
    ];

    // The first point makes the norm and the sharpness at one size, the next two the divergence at 0.05, the last the sum of eq. 5: with a
    // million images the others are larger.
    private static CombinationRun Network(int[] codes, TrainedRun trained, double norm, double sharpness, double kl, double sum)
    {
        var (alpha, expected) = (CombinationMeasure.Alpha, 0.001 * Math.Pow(10, sharpness));
        var divergence = Math.Pow(10, 7.5 + kl);
        return new CombinationRun(
            64 << codes[0], 0.01 * (1 + codes[1]), 16 << codes[2], 0.1 * codes[3], 1_000_000,
            Norms(trained, _ => norm),
            new SharpnessValues(trained, expected,
            [
                new(alpha, expected, 0, Math.Pow(10, 4 + norm) / (alpha * alpha)),
                new(0.05, 0.04, 0, divergence),
                new(0.06, 0.06, 0, divergence),
                new(0.1, 0.2 + sum, 0, 1),
            ]));
    }
}
