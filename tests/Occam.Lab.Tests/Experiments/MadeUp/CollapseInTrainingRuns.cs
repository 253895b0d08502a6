using System.Collections.Immutable;
using Occam.Lab.Experiments.Beyond;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>beyond-collapse: features that collapse or don't, part by part, and complexities that go with it or don't.</summary>
internal sealed class CollapseInTrainingRuns() : MadeUpRuns<ImmutableArray<CollapseRun>>(new CollapseInTraining())
{
    private const string Within = "within-classes";
    private const string Simplex = "simplex";
    private const string Duality = "duality";
    private const string Nearest = "nearest-mean";
    private const string Known = "complexity-goes-with-collapse";
    private const string New = "complexity-goes-with-new-classes";
    private const string Shots = "variance-goes-with-few-shots";

    private static readonly string[] s_all = [Within, Simplex, Duality, Nearest, Known, New, Shots];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<CollapseRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the papers say", Of(), [.. s_all.Select(claim => (claim, Verdict.Reproduced))]),
        ("the classes spread again", Of(within: 2), [(Within, Verdict.NotReproduced), (Simplex, Verdict.Reproduced)]),
        ("the lengths differ more and more", Of(lengths: 2), [(Simplex, Verdict.NotReproduced), (Duality, Verdict.Reproduced)]),
        ("the angles differ more and more", Of(angles: 2), [(Simplex, Verdict.NotReproduced)]),
        ("the last layer leaves the means", Of(duality: 2), [(Duality, Verdict.NotReproduced), (Within, Verdict.Reproduced)]),
        ("one in ten is put elsewhere than the nearest mean", Of(notNearest: 0.1), [(Nearest, Verdict.NotReproduced)]),
        ("the more complex, the further collapsed", Of(known: -1), [(Known, Verdict.NotReproduced), (New, Verdict.Reproduced)]),
        ("the more complex, the better on new classes", Of(unseen: -1), [(Known, Verdict.Reproduced), (New, Verdict.NotReproduced)]),
        ("separated classes don't help", Of(shots: -1), [(New, Verdict.Reproduced), (Shots, Verdict.NotReproduced)]),
        ("as the papers say in three seeds, the opposite in two",
            Mixed(
                Of(), Of(within: 2, lengths: 2, angles: 2, duality: 2, notNearest: 0.1, known: -1, unseen: -1, shots: -1), run => run.Seed),
            [.. s_all.Select(claim => (claim, Verdict.Undecided))]),
        ("a training keeps an error", Of(error: 0.01), [.. s_all.Select(claim => (claim, Verdict.Undecided))]),
    ];

    private static ImmutableArray<CollapseRun> Of(
        double within = 0.2, double lengths = 0.2, double angles = 0.2, double duality = 0.2, double notNearest = 0, double known = 1,
        double unseen = 1, double shots = 1, double error = 0) =>
    [
        .. from rate in new[] { 0.01, 0.02, 0.04, 0.08 }
           from seed in Enumerable.Range(0, 5)
           let noise = 1 + (0.02 * (seed - 2))
           let complexity = (10 - Math.Log(rate)) * noise
           let variance = Math.Exp(known * 0.2 * complexity)
           let newVariance = Math.Exp(unseen * 0.2 * complexity)
           let own = rate == 0.08 ? error : 0
           select new CollapseRun(rate, seed,
           [
               new CollapsePoint(0, 0.9, 2, 10, 0.5, 0.5, 1, 0.5, 1, 5, 5, 0.5),
               new CollapsePoint(10, own, 0.1, 1, 0.1, 0.1, 0.5, 0.1, complexity, variance, newVariance, 0.3),
               new CollapsePoint(
                   100, own, 0.001, within * noise, 0.1 * lengths * noise, 0.1 * angles * noise, 0.5 * duality * noise,
                   notNearest * noise, complexity, variance, newVariance, 0.3 + (shots * 0.01 * Math.Log(newVariance))),
           ]),
    ];
}
