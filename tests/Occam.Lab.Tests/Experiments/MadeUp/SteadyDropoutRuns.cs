using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-t3: both sides of Theorem 3.</summary>
internal sealed class SteadyDropoutRuns() : MadeUpRuns<ImmutableArray<DropoutRun>>(new SteadyDropout())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<DropoutRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both hold, with a bound that says something", Trainings(steady: 8, bound: 0.5),
            [("lipschitz-bounded", Verdict.Reproduced), ("error-bounded", Verdict.Reproduced)]),
        ("one training is steeper than λ_steady, and one is worse than its bound", Trainings(steady: 4, bound: 0.05),
            [("lipschitz-bounded", Verdict.NotReproduced), ("error-bounded", Verdict.NotReproduced)]),
        ("of one training nothing is known", [.. Trainings(steady: 8, bound: 0.5).Select(run =>
            run.Seed == 2 ? run with { Lipschitz = double.NaN, TestError = double.NaN } : run)],
            [("lipschitz-bounded", Verdict.Undecided), ("error-bounded", Verdict.Undecided)]),
        ("of one training nothing is known, and another fails", [.. Trainings(steady: 4, bound: 0.05).Select(run =>
            run.Seed == 2 ? run with { Lipschitz = double.NaN, TestError = double.NaN } : run)],
            [("lipschitz-bounded", Verdict.NotReproduced), ("error-bounded", Verdict.NotReproduced)]),
        ("every bound on errors is vacuous", Trainings(steady: 8, bound: 30),
            [("lipschitz-bounded", Verdict.Reproduced), ("error-bounded", Verdict.Undecided)]),
        ("the activations don't stay", Trainings(steady: 4, bound: 0.05, broken: "(a) Assumption 1"),
            [("lipschitz-bounded", Verdict.Undecided), ("error-bounded", Verdict.Undecided)]),
    ];

    // λ_f is 1 to 5, the errors differ by 0.02 to 0.1.
    private static ImmutableArray<DropoutRun> Trainings(double steady, double bound, params string[] broken) =>
    [
        .. from seed in Enumerable.Range(1, 5)
           from level in (double[])[0, 1]
           select new DropoutRun(
               $"level {level}", level, seed, 1, seed, steady, 0.1, 0.1 + (0.02 * seed), bound,
               level == 1 ? ["(a) Assumption 1"] : [.. broken]),
    ];
}
