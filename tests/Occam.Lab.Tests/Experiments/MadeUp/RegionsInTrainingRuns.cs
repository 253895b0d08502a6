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

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<RegionRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("a double descent, with late generalization", Of([100, 40, 90, 30], [100, 90, 110, 60]),
            [.. s_all.Select(claim => (claim, Verdict.Reproduced))]),
        ("it rises from the start", Of([50, 60, 90, 30], [50, 60, 90, 40]), [(First, Verdict.NotReproduced), (Then, Verdict.Reproduced)]),
        ("it only falls", Of([100, 60, 50, 30], [100, 90, 80, 60]), [(Then, Verdict.NotReproduced)]),
        ("it rises to the end", Of([100, 40, 80, 90], [100, 90, 110, 120]), [(Then, Verdict.Reproduced), (Again, Verdict.NotReproduced)]),
        ("regions leave the boundary, too", Of([100, 40, 90, 30], [100, 90, 110, 20]),
            [(Again, Verdict.Reproduced), (Boundary, Verdict.NotReproduced)]),
        ("the test error grows", Of([100, 40, 90, 30], [100, 90, 110, 60], late: 0.05),
            [(Late, Verdict.NotReproduced), (Robust, Verdict.Reproduced)]),
        ("it becomes less robust", Of([100, 40, 90, 30], [100, 90, 110, 60], robust: 0.1),
            [(Late, Verdict.Reproduced), (Robust, Verdict.NotReproduced)]),
        ("a training error stays", Of([100, 40, 90, 30], [100, 90, 110, 60], error: 0.02),
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
