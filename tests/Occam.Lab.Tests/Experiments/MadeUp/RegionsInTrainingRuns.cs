using System.Collections.Immutable;
using Occam.Lab.Experiments.Beyond;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>beyond-grokking: local complexities that descend, rise and descend, or only some of that, and errors on the way.</summary>
internal sealed class RegionsInTrainingRuns() : MadeUpRuns<ImmutableArray<RegionRun>>(new RegionsInTraining())
{
    private const string First = "descends-first";
    private const string Then = "then-rises";
    private const string Again = "descends-again";
    private const string Boundary = "towards-boundary";
    private const string Late = "generalizes-late";
    private const string Robust = "robust-late";

    private static readonly string[] s_all = [First, Then, Again, Boundary, Late, Robust];

    private static readonly ImmutableArray<RegionRun> s_double = Of([100, 40, 90, 30], [100, 40, 110, 60]);
    private static readonly ImmutableArray<RegionRun> s_rising = Of([50, 60, 90, 30], [50, 60, 90, 40]);
    private static readonly ImmutableArray<RegionRun> s_falling = Of([100, 60, 50, 30], [100, 90, 80, 60]);
    private static readonly ImmutableArray<RegionRun> s_toTheEnd = Of([100, 40, 80, 90], [100, 40, 110, 120]);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<RegionRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("a double descent, with late generalization", s_double,
            [.. s_all.Select(claim => (claim, Verdict.Reproduced))]),
        ("it rises from the start", s_rising, [(First, Verdict.NotReproduced), (Then, Verdict.Reproduced)]),
        ("it only falls", s_falling, [(Then, Verdict.NotReproduced)]),
        ("it rises to the end", s_toTheEnd, [(Then, Verdict.Reproduced), (Again, Verdict.NotReproduced)]),
        ("regions leave the boundary, too", Of([100, 40, 90, 30], [100, 40, 110, 20]),
            [(Again, Verdict.Reproduced), (Boundary, Verdict.NotReproduced)]),
        // Regions don't move; the largest count at training images is chance.
        ("nothing but chance at the peak", Of([100, 40, 90, 40], [100, 40, 40, 40]), [(Boundary, Verdict.Undecided)]),
        ("the test error grows", Of([100, 40, 90, 30], [100, 40, 110, 60], late: 0.05),
            [(Late, Verdict.NotReproduced), (Robust, Verdict.Reproduced)]),
        ("it becomes less robust", Of([100, 40, 90, 30], [100, 40, 110, 60], robust: 0.1),
            [(Late, Verdict.Reproduced), (Robust, Verdict.NotReproduced)]),
        ("it descends first in three seeds, and rises from the start in two", Mixed(s_double, s_rising, run => run.Seed),
            [(First, Verdict.Undecided)]),
        ("it rises again in three seeds, and only falls in two", Mixed(s_double, s_falling, run => run.Seed), [(Then, Verdict.Undecided)]),
        ("it descends again in three seeds, and rises to the end in two", Mixed(s_double, s_toTheEnd, run => run.Seed),
            [(Again, Verdict.Undecided)]),
        ("regions leave the boundary in two seeds, where the test error grows and robustness goes",
            Mixed(s_double, Of([100, 40, 90, 30], [100, 40, 110, 20], late: 0.05, robust: 0.1), run => run.Seed),
            [(Boundary, Verdict.Undecided), (Late, Verdict.Undecided), (Robust, Verdict.Undecided)]),
        ("a training error stays", Of([100, 40, 90, 30], [100, 40, 110, 60], error: 0.02),
            [.. s_all.Select(claim => (claim, Verdict.Undecided))]),
    ];

    private static ImmutableArray<RegionRun> Of(
        double[] training, double[] boundary, double late = -0.05, double robust = -0.1, double error = 0) =>
    [
        .. from seed in Enumerable.Range(0, 5)
           let noise = 1 + (0.02 * (seed - 2))
           select new RegionRun(seed,
           [
               .. training.Zip(boundary).Select((at, i) => new RegionPoint(
                   (long)Math.Pow(10, i), i == 0 ? 0.9 : error, i < 3 ? 0.2 : 0.2 + (late * noise), i < 3 ? 0.6 : 0.6 + (robust * noise),
                   at.First * (i == 1 ? noise : 1), at.First, at.Second * (i == 3 ? noise : 1))),
           ]),
    ];
}
