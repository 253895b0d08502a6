using System.Collections.Immutable;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gor-open-noise: complexities and constant functions by size of the noise, with noise and under the penalty.</summary>
internal sealed class NoiseAgainstPenaltyRuns() : MadeUpRuns<ImmutableArray<NoiseRun>>(new NoiseAgainstPenalty())
{
    private const string Falls = "complexity-falls";
    private const string Complexity = "same-complexity";
    private const string Function = "same-function";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<NoiseRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both the same", Of(sigma => 2 - sigma, 1, 1.1),
            [(Falls, Verdict.Reproduced), (Complexity, Verdict.Reproduced), (Function, Verdict.Reproduced)]),
        ("the complexity rises, and the penalty does nothing", Of(sigma => 2 + sigma, 1.5, 0),
            [(Falls, Verdict.NotReproduced), (Complexity, Verdict.NotReproduced), (Function, Verdict.NotReproduced)]),
        ("the same complexity of another function", Of(sigma => 2 - sigma, 1, -1),
            [(Complexity, Verdict.Reproduced), (Function, Verdict.NotReproduced)]),
        ("half the complexity of the same function", Of(sigma => 2 - sigma, 0.5, 1),
            [(Complexity, Verdict.NotReproduced), (Function, Verdict.Reproduced)]),
        ("the same but at the largest noise", Of(sigma => 2 - sigma, 1, 1, last: 3),
            [(Falls, Verdict.Reproduced), (Complexity, Verdict.NotReproduced), (Function, Verdict.NotReproduced)]),
        ("at the bound", Of(sigma => 2 - sigma, 1.25, 1.5), [(Complexity, Verdict.Undecided), (Function, Verdict.Undecided)]),
        ("the complexity falls in three seeds and rises in two",
            Mixed(Of(sigma => 2 - sigma, 1, 1.1), Of(sigma => 2 + sigma, 1, 1.1), run => run.Seed), [(Falls, Verdict.Undecided)]),
        ("both the same, of networks that fit nothing", Of(sigma => 2 - sigma, 1, 1.1, loss: 0.01),
            [(Falls, Verdict.Undecided), (Complexity, Verdict.Undecided), (Function, Verdict.Undecided)]),
    ];

    // The penalty's complexity is by a factor, and its function as many times as far from that with neither, as with noise.
    private static ImmutableArray<NoiseRun> Of(
        Func<double, double> complexity, double factor, double distance, double last = 1, double loss = 1e-6) =>
    [
        .. from sigma in new[] { 0, 0.1, 0.5 }
           from penalized in sigma == 0 ? [false] : new[] { false, true }
           from seed in Enumerable.Range(0, 5)
           let noise = 1 + (0.02 * (seed - 2))
           let extra = penalized && sigma == 0.5 ? last : 1
           select new NoiseRun(
               sigma, penalized, seed, sigma == 0 ? loss : 1,
               complexity(sigma) * (penalized ? factor * noise : 1 + (0.01 * (seed - 2))) * extra,
               [sigma * (penalized ? ((distance - 1) * noise) + 1 : 1) * extra, 0]),
    ];
}
