using System.Collections.Immutable;
using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpClassifiers;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-3: measures by size of the confusion set.</summary>
internal sealed class ConfusionSetsRuns() : MadeUpRuns<ImmutableArray<MeasuredTraining>>(new ConfusionSets())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<MeasuredTraining> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the paper says", Networks(error: 1, norms: 1, max: -1, kl: 1),
            [
                ("global-minima", Verdict.Reproduced), ("test-error-rises", Verdict.Reproduced), ("norms-rise", Verdict.Reproduced),
                ("max-sharpness-does-not-rise", Verdict.Reproduced), ("kl-rises", Verdict.Reproduced),
                ("kl-goes-with-test-error", Verdict.Reproduced),
            ]),
        ("all the other way", Networks(error: -1, norms: -1, max: 1, kl: -1),
            [
                ("test-error-rises", Verdict.NotReproduced), ("norms-rise", Verdict.NotReproduced),
                ("max-sharpness-does-not-rise", Verdict.NotReproduced), ("kl-rises", Verdict.NotReproduced),
                ("kl-goes-with-test-error", Verdict.Reproduced),
            ]),
        ("the divergence falls as the test error rises", Networks(error: 1, norms: 1, max: -1, kl: -1),
            [("kl-goes-with-test-error", Verdict.NotReproduced)]),
        ("the divergence rises in three seeds and falls in two",
            Mixed(Networks(error: 1, norms: 1, max: -1, kl: 1), Networks(error: 1, norms: 1, max: -1, kl: -1), run => run.Seed),
            [("kl-rises", Verdict.Undecided)]),
        ("the divergence rises at a small sharpness alone", [.. Networks(error: 1, norms: 1, max: -1, kl: 1).Select(run => run with
            {
                Sharpness = run.Sharpness with
                {
                    Curve = [run.Sharpness.Curve[0], new(0.005, 0.15, 0.001, 1e4), new(0.01, 0.4, 0.001, 1e3)],
                },
            })],
            [("kl-rises", Verdict.NotReproduced)]),
        ("maximum sharpness differs by seed alone, and much", [.. Networks(error: 1, norms: 1, max: -1, kl: 1).Select(run =>
            run with { Sharpness = run.Sharpness with { Max = 1 + run.Seed } })],
            [("max-sharpness-does-not-rise", Verdict.Undecided)]),
        ("the test error rises in one seed alone", [.. Networks(error: 0, norms: 1, max: -1, kl: 1).Select(run =>
            run is { Seed: 4, Level: 500 } ? Missing(run, 0.95) : run)],
            [("test-error-rises", Verdict.Undecided)]),
        ("some networks make mistakes", [.. Networks(error: 1, norms: 1, max: -1, kl: 1, mistakes: 0.01)],
            [
                ("global-minima", Verdict.NotReproduced), ("test-error-rises", Verdict.Undecided), ("norms-rise", Verdict.Undecided),
                ("max-sharpness-does-not-rise", Verdict.Undecided), ("kl-rises", Verdict.Undecided),
                ("kl-goes-with-test-error", Verdict.Undecided),
            ]),
        ("the divergence and the test error differ by seed alone",
            [.. Networks(error: 0, norms: 1, max: -1, kl: 0)
                .Select(run => Missing(run, 0.2 + (0.1 * run.Seed) + Jitter(0.001, run.Level, run.Seed)))
                .Select(run => run with { Sharpness = Sharpness(run.Trained, 1, 5 + run.Seed + Jitter(0.01, run.Seed, run.Level)) })],
            [("kl-goes-with-test-error", Verdict.Undecided)]),
        ("no network of a level has a margin", [.. Networks(error: 1, norms: 1, max: -1, kl: 1).Select(run =>
            run.Level == 250 ? run with { Norms = run.Norms with { Margins = [-1, -1, -1, -1] } } : run)],
            [("norms-rise", Verdict.Undecided), ("kl-rises", Verdict.Reproduced)]),
    ];

    private static MeasuredTraining Missing(MeasuredTraining run, double testError)
    {
        var trained = run.Trained with { TestError = testError };
        return new MeasuredTraining(run.Norms with { Trained = trained }, run.Sharpness with { Trained = trained });
    }

    private static ImmutableArray<MeasuredTraining> Networks(double error, double norms, double max, double kl, double mistakes = 0) =>
    [
        .. from size in new[] { 0, 125, 250, 500 }
           from seed in Enumerable.Range(0, 5)
           let x = size / 500.0
           let jitter = Jitter(0.05, size, seed)
           let trained = Trained(
               $"{size} random labels", size, seed, trainingError: size == 500 ? mistakes : 0,
               testError: 0.5 + (0.2 * error * x) + (0.1 * jitter))
           select new MeasuredTraining(
               Norms(trained, norm => 20 + norm + (norms * x) + jitter),
               Sharpness(trained, 1 + (0.5 * max * x) + jitter, 6 + (kl * x) + jitter)),
    ];
}
