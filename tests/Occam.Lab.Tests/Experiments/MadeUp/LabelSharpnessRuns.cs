using System.Collections.Immutable;
using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpClassifiers;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-2: sharpness by labels and size of the training set.</summary>
internal sealed class LabelSharpnessRuns() : MadeUpRuns<ImmutableArray<SharpnessValues>>(new LabelSharpness())
{
    private static readonly string[] s_claims = ["max-misleads-small", "max-tells-large", "curves-lower", "curves-spread"];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<SharpnessValues> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the paper says", Networks(turned: false), [.. s_claims.Select(claim => (claim, Verdict.Reproduced))]),
        ("true labels in place of random ones", Networks(turned: true), [.. s_claims.Select(claim => (claim, Verdict.NotReproduced))]),
        ("as the paper says in three seeds, the other way in two",
            Mixed(Networks(turned: false), Networks(turned: true), run => run.Trained.Seed),
            [("max-misleads-small", Verdict.Undecided), ("max-tells-large", Verdict.Undecided)]),
        ("on the largest training set the other way", [.. Networks(turned: false).Where(run => run.Level < 2000),
            .. Networks(turned: true).Where(run => run.Level == 2000)],
            [("max-misleads-small", Verdict.Reproduced), ("max-tells-large", Verdict.NotReproduced)]),
        ("higher curves for random labels, which change less",
            [.. Networks(turned: true).Select(run => run.Random
                ? run with { Curve = [.. run.Curve.Select(point => point with { Kl = 1000 * point.Kl })] }
                : run)],
            [("curves-lower", Verdict.Reproduced), ("curves-spread", Verdict.NotReproduced)]),
        ("networks make mistakes", [.. Networks(turned: false).Select(run =>
            run with { Trained = run.Trained with { TrainingError = 0.2 } })], [.. s_claims.Select(claim => (claim, Verdict.Undecided))]),
        ("no perturbation of the grid is large enough", [.. Networks(turned: false).Select(run => run with { Curve = run.Curve[..1] })],
            [("max-tells-large", Verdict.Reproduced), ("curves-lower", Verdict.Undecided), ("curves-spread", Verdict.Undecided)]),
    ];

    private static ImmutableArray<SharpnessValues> Networks(bool turned) =>
    [
        .. from size in new[] { 500, 1000, 2000 }
           from random in new[] { false, true }
           from seed in Enumerable.Range(0, 5)
           let growth = Math.Log2(size / 500.0)
           let asRandom = random != turned
           let jitter = Jitter(0.03, size, random ? 1 : 0, seed)
           select Sharpness(
               Trained($"{size} labels", size, seed, random),
               asRandom ? 0.5 + (0.4 * growth) + jitter : 1 - (0.2 * growth) + jitter,
               asRandom ? 6.5 + (0.5 * growth) + jitter : 6 + (0.1 * growth) + jitter),
    ];
}
