using System.Collections.Immutable;
using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpClassifiers;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-4: measures by hidden units.</summary>
internal sealed class HiddenUnitsRuns() : MadeUpRuns<ImmutableArray<MeasuredTraining>>(new HiddenUnits())
{
    private static readonly string[] s_judgedByTrend =
    [
        "test-error-falls", "norms-fall", "norms-fall-from-32", "norms-rise-beyond-128", "l2-path-explains", "spectral-rises-beyond-512",
        "counted-units-explain-nothing", "kl-falls-to-128",
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<MeasuredTraining> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the paper says", Networks(1),
            [("fit-with-32", Verdict.Reproduced), .. s_judgedByTrend.Select(claim => (claim, Verdict.Reproduced))]),
        ("all the other way", Networks(-1), [.. s_judgedByTrend.Select(claim => (claim, Verdict.NotReproduced))]),
        ("as the paper says in three seeds, the other way in two", Mixed(Networks(1), Networks(-1), run => run.Seed),
            [.. s_judgedByTrend.Select(claim => (claim, Verdict.Undecided))]),
        ("the spectral norm falls as the ℓ2 path norm does", [.. Networks(1).Select(run => run with { Norms = run.Norms with
            {
                Norms = run.Norms.Norms.SetItem(NormValues.Spectral, run.Norms.Norms[NormValues.L2Path]),
            } })],
            [("l2-path-explains", Verdict.Reproduced), ("spectral-rises-beyond-512", Verdict.NotReproduced)]),
        ("the ℓ2 path norm rises as the ℓ1 path norm does", [.. Networks(1).Select(run => run with { Norms = run.Norms with
            {
                Norms = run.Norms.Norms.SetItem(NormValues.L2Path, run.Norms.Norms[NormValues.L1Path]),
            } })],
            [("l2-path-explains", Verdict.NotReproduced), ("spectral-rises-beyond-512", Verdict.Reproduced)]),
        ("8 units don't fit", [.. Networks(1).Select(run => run.Level == 8 ? Failing(run) : run)],
            [
                ("fit-with-32", Verdict.Reproduced), ("norms-fall", Verdict.Undecided), ("norms-fall-from-32", Verdict.Reproduced),
                ("norms-rise-beyond-128", Verdict.Reproduced),
            ]),
        ("one network of 64 units doesn't fit", [.. Networks(1).Select(run => run is { Level: 64, Seed: 2 } ? Failing(run) : run)],
            [
                ("fit-with-32", Verdict.NotReproduced), ("test-error-falls", Verdict.Undecided), ("norms-fall-from-32", Verdict.Undecided),
                ("norms-rise-beyond-128", Verdict.Reproduced),
            ]),
        ("one network of 1024 units doesn't fit", [.. Networks(1).Select(run => run is { Level: 1024, Seed: 2 } ? Failing(run) : run)],
            [
                ("norms-fall-from-32", Verdict.Reproduced), ("norms-rise-beyond-128", Verdict.Undecided),
                ("l2-path-explains", Verdict.Undecided), ("spectral-rises-beyond-512", Verdict.Undecided),
                ("counted-units-explain-nothing", Verdict.Undecided), ("kl-falls-to-128", Verdict.Undecided),
            ]),
        ("the KL divergence is least at 64 units", [.. Networks(1).Select(run => run.Level == 128 ? Diverging(run) : run)],
            [("kl-falls-to-128", Verdict.NotReproduced)]),
    ];

    // Above that at 64 units, and below that at the least.
    private static MeasuredTraining Diverging(MeasuredTraining run) =>
        run with { Sharpness = Sharpness(run.Norms.Trained, 1, 6.8 + Jitter(0.03, 128, run.Seed)) };

    private static MeasuredTraining Failing(MeasuredTraining run)
    {
        var trained = run.Norms.Trained with { TrainingError = 0.2 };
        return new MeasuredTraining(
            run.Norms with { Trained = trained, Margins = [-3, -2, -1, -0.5] }, run.Sharpness with { Trained = trained });
    }

    // With a sign of −1 everything that the paper says falls rises, and the other way around.
    private static ImmutableArray<MeasuredTraining> Networks(double sign) =>
    [
        .. from units in new[] { 8, 16, 32, 64, 128, 256, 512, 1024, 2048 }
           from seed in Enumerable.Range(0, 5)
           let beyond = Math.Log2(units / 128.0)
           let narrow = Math.Min(beyond, 0)
           let wide = Math.Max(beyond, 0)
           let jitter = Jitter(0.03, units, seed)
           let trained = Trained($"{units} units", units, seed, testError: 0.1 - (sign * 0.005 * beyond) + (0.01 * jitter))
           select new MeasuredTraining(
               Norms(
                   trained,
                   norm => 10 + jitter + (sign * (norm switch
                   {
                       NormValues.L2Path => -beyond,
                       NormValues.Spectral => -narrow - (0.2 * Math.Min(wide, 2)) + (0.5 * Math.Max(wide - 2, 0)),
                       _ => -narrow + wide,
                   })),
                   terms: sign * 2 * beyond),
               Sharpness(trained, 1, 6 + jitter - (sign * 0.5 * narrow) + (sign * 0.5 * wide))),
    ];
}
