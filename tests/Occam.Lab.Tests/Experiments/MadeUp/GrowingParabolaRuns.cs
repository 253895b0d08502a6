using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-1: complexities that grow or don't, from functions near zero or far from it.</summary>
internal sealed class GrowingParabolaRuns() : MadeUpParabola(new GrowingParabola())
{
    private const string Grows = "grows";
    private const string Start = "starts-near-zero";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ParabolaRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("grows from zero, shortest throughout", Trainings([2, 2.1, 2.5, 2.9, 2.95], 1.04, 1.03),
            [
                (Grows, Verdict.Reproduced), (Start, Verdict.Reproduced), ("shortest-for-its-error", Verdict.Reproduced),
                ("shortest-for-its-values", Verdict.Reproduced),
            ]),
        ("a detour", Trainings([2, 2.1, 2.5, 2.9, 2.95], 1.2, 1.06),
            [("shortest-for-its-error", Verdict.NotReproduced), ("shortest-for-its-values", Verdict.NotReproduced)]),
        ("falls, from far above zero", Trainings([3.5, 3.2, 3, 2.98, 2.95], start: 0.4),
            [(Grows, Verdict.NotReproduced), (Start, Verdict.NotReproduced)]),
        ("grows from zero in three seeds, falls from far above in two",
            Turned(Trainings([2, 2.1, 2.5, 2.9, 2.95]), Trainings([3.5, 3.2, 3, 2.98, 2.95], start: 0.4)),
            [(Grows, Verdict.Undecided), (Start, Verdict.Undecided)]),
        ("a detour in three seeds of five", Trainings([2, 2.1, 2.5, 2.9, 2.95], 1.2, 1.06, excesses: 3),
            [("shortest-for-its-error", Verdict.NotReproduced), ("shortest-for-its-values", Verdict.NotReproduced)]),
        ("a detour in two seeds of five", Trainings([2, 2.1, 2.5, 2.9, 2.95], 1.2, 1.06, excesses: 2),
            [("shortest-for-its-error", Verdict.Undecided), ("shortest-for-its-values", Verdict.Undecided)]),
        ("leaps at once and falls from there", Trainings([2, 4, 3.5, 3.2, 3, 2.95]), [(Grows, Verdict.NotReproduced)]),
        ("cut short", Trainings([2, 2.1, 2.5, 2.9, 2.95], last: 10_000),
            [
                (Grows, Verdict.Undecided), ("shortest-for-its-error", Verdict.Undecided), ("shortest-for-its-values", Verdict.Undecided),
            ]),
    ];

    private static ParabolaRuns Turned(ParabolaRuns even, ParabolaRuns odd) =>
        new(Mixed(even.Runs, odd.Runs, run => run.Seed));
}
