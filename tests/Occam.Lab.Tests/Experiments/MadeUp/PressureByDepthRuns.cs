using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gor-open-depth: factors, ratios and energies by depth.</summary>
internal sealed class PressureByDepthRuns() : MadeUpRuns<ImmutableArray<TransferRun>>(new PressureByDepth())
{
    private const string Factor = "factor-rises";
    private const string Ratio = "ratio-rises";
    private const string Energy = "energy-falls";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<TransferRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("the pressure rises", Of([1, 2, 4], [10, 20, 40], [9, 6, 3]),
            [(Factor, Verdict.Reproduced), (Ratio, Verdict.Reproduced), (Energy, Verdict.Reproduced)]),
        ("it falls", Of([4, 2, 1], [40, 20, 10], [3, 6, 9]),
            [(Factor, Verdict.NotReproduced), (Ratio, Verdict.NotReproduced), (Energy, Verdict.NotReproduced)]),
        ("the ratio rises, for the energy falls faster than the gradients by the parameters",
            Of([1, 2, 4], [10, 20, 40], [16, 4, 1]), [(Ratio, Verdict.Reproduced), (Energy, Verdict.Reproduced)]),
        ("it rises in three seeds and falls in two",
            Mixed(Of([1, 2, 4], [10, 20, 40], [9, 6, 3]), Of([4, 2, 1], [40, 20, 10], [3, 6, 9]), run => run.Seed),
            [(Factor, Verdict.Undecided), (Ratio, Verdict.Undecided), (Energy, Verdict.Undecided)]),
        ("the bound alone falls", Of([4, 2, 1], [10, 20, 40], [9, 6, 3]), [(Factor, Verdict.NotReproduced), (Ratio, Verdict.Reproduced)]),
        ("a depth doesn't fit", Of([1, 2, 4], [10, 20, 40], [9, 6, 3], loss: 0.3),
            [(Factor, Verdict.Undecided), (Ratio, Verdict.Undecided), (Energy, Verdict.Undecided)]),
    ];

    private static ImmutableArray<TransferRun> Of(double[] factors, double[] ratios, double[] energies, double loss = 0.01) =>
    [
        .. from level in Enumerable.Range(0, factors.Length)
           from seed in Enumerable.Range(0, 5)
           let noise = 1 + (0.02 * (seed - 2))
           let energy = energies[level] * noise
           select new TransferRun(
               1 << level, seed, level == 2 ? loss : 0.01,
               [new TransferPoint(100, [1], factors[level] * noise, ratios[level] * noise * 2 * energy, 2 * energy, 1, 0, 0)], []),
    ];
}
