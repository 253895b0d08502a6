using System.Collections.Immutable;
using Occam.Lab.Experiments.Beyond;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>beyond-edge: sharpness that rises to a multiple of 2/h, or doesn't, and losses on the way.</summary>
internal sealed class SharpnessAtTheEdgeRuns() : MadeUpRuns<ImmutableArray<EdgeRun>>(new SharpnessAtTheEdge())
{
    private const string Rises = "rises-to-threshold";
    private const string Near = "stays-near";
    private const string Above = "just-above";
    private const string Settles = "settles-by-step-size";
    private const string Monotone = "loss-is-not-monotone";
    private const string Falls = "loss-falls";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<EdgeRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the paper says", Of(),
            [.. new[] { Rises, Near, Above, Settles, Monotone, Falls }.Select(claim => (claim, Verdict.Reproduced))]),
        ("above 2/h from the start", Of(start: 1.5), [(Rises, Verdict.NotReproduced), (Near, Verdict.Reproduced)]),
        ("it stays below", Of(start: 0.1, settled: 0.5), [
            (Rises, Verdict.NotReproduced),
            .. new[] { Near, Above, Settles, Monotone, Falls }.Select(claim => (claim, Verdict.Undecided)),
        ]),
        ("one step size doesn't get there", Of(except: 0.5), [(Rises, Verdict.NotReproduced), (Near, Verdict.Undecided)]),
        ("it shoots far above", Of(settled: 2), [(Rises, Verdict.Reproduced), (Near, Verdict.NotReproduced), (Above, Verdict.Reproduced)]),
        ("it swings far to both sides", Of(settled: 1, swing: 0.9), [(Near, Verdict.NotReproduced)]),
        ("it falls back below", Of(settled: 0.9), [(Near, Verdict.Reproduced), (Above, Verdict.NotReproduced)]),
        ("the larger the step size, the higher it settles", Steeper, [(Settles, Verdict.NotReproduced)]),
        ("it settles at the bounds of near and of just above in three seeds, beyond in two",
            Mixed(Of(settled: 0.9), Of(settled: 2), run => run.Seed), [(Near, Verdict.Undecided), (Above, Verdict.Undecided)]),
        ("in three seeds the loss falls though it rises at many steps, in two it grows though it rises at none",
            Mixed(Of(), Of(raising: 0, left: 3), run => run.Seed), [(Monotone, Verdict.Undecided), (Falls, Verdict.Undecided)]),
        ("it settles higher with larger steps in two seeds", Mixed(Of(), Steeper, run => run.Seed), [(Settles, Verdict.Undecided)]),
        ("the loss went up as often before", Of(before: 40), [(Monotone, Verdict.NotReproduced)]),
        ("the loss falls at every step", Of(raising: 0), [(Monotone, Verdict.NotReproduced), (Falls, Verdict.Reproduced)]),
        ("the loss grows", Of(left: 3), [(Monotone, Verdict.Reproduced), (Falls, Verdict.NotReproduced)]),
    ];

    private static ImmutableArray<EdgeRun> Steeper { get; } =
    [
        .. Of().Select(run => run with
        {
            Track = [.. run.Track.Select(point => point with { Sharpness = point.Sharpness * Math.Pow(run.Rate / 0.01, 2) })],
        }),
    ];

    private static ImmutableArray<EdgeRun> Of(
        double start = 0.2, double settled = 1.1, int raising = 30, double left = 0.1, double? except = null,
        double swing = 0.02, int before = 0) =>
    [
        .. from rate in new[] { 0.01, 0.02, 0.04 }
           from seed in Enumerable.Range(0, 5)
           let noise = 1 + (0.01 * (seed - 2))
           let peak = except is { } other && rate == 0.02 ? other : settled
           let threshold = 2 / rate
           select new EdgeRun(rate, seed,
           [
               new EdgePoint(0, start * noise * threshold, double.NaN, 0), new EdgePoint(100, 0.6 * noise * threshold, 2, before),
               new EdgePoint(200, (peak < 0.8 ? peak : 1.05) * noise * threshold, 1, 0),
               .. Enumerable.Range(3, 20).Select(i => new EdgePoint(
                   100 * i, peak * noise * (1 + (swing * Math.Sin(i + seed))) * threshold,
                   Math.Exp(Math.Log(left * noise) * (i - 2) / 20), Math.Max(0, raising == 0 ? 0 : raising + seed - 2))),
           ]),
    ];
}
