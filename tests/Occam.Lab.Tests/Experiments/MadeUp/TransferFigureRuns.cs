using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-transfer: terms of the theory through training, of which one at a time is not as the papers say.</summary>
internal sealed class TransferFigureRuns() : MadeUpRuns<ImmutableArray<TransferRun>>(new Transfer())
{
    private const string Pressure = "pressure-falls";
    private const string Small = "amplifications-start-small";
    private const string Grow = "amplifications-grow";
    private const string Label = "label-alignment";
    private const string Batch = "batch-alignment";
    private const string Slower = "transfer-falls-slower";
    private const string Proxy = "batch-is-proxy";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<TransferRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the papers say", Of(),
            [.. new[] { Pressure, Small, Grow, Label, Batch, Slower, Proxy }.Select(claim => (claim, Verdict.Reproduced))]),
        ("the pressure grows", Of(pressure: 3), [(Pressure, Verdict.NotReproduced), (Small, Verdict.Reproduced)]),
        ("the pressure stays", Of(pressure: 1), [(Pressure, Verdict.Undecided)]),
        ("the pressure falls in the end, and is tenfold half-way", Of(halfway: 10), [(Pressure, Verdict.NotReproduced)]),
        ("large from the start", Of(start: 3), [(Small, Verdict.NotReproduced), (Grow, Verdict.Reproduced)]),
        ("the second layer is large from the start", Of(second: 3), [(Small, Verdict.NotReproduced)]),
        ("one layer shrinks", Of(secondGrows: 0.5), [(Grow, Verdict.NotReproduced)]),
        ("label alignment against the pressure at one step", Of(label: -0.5),
            [(Label, Verdict.NotReproduced), (Batch, Verdict.Reproduced)]),
        ("batch alignment against it", Of(batch: -0.5), [(Label, Verdict.Reproduced), (Batch, Verdict.NotReproduced)]),
        ("slightly against it", Of(label: -0.05, batch: -0.05), [(Label, Verdict.Reproduced), (Batch, Verdict.Reproduced)]),
        ("transfer falls faster", Of(transfer: 0.1, gradient: 0.5), [(Slower, Verdict.NotReproduced)]),
        ("transfer falls and the gradient norm grows", Of(transfer: 0.8, gradient: 2), [(Slower, Verdict.NotReproduced)]),
        ("both as fast", Of(transfer: 0.5, gradient: 0.5), [(Slower, Verdict.Undecided)]),
        ("at the bounds", Of(start: 1, label: -0.1, batch: -0.1, error: 0.1),
            [(Small, Verdict.Undecided), (Label, Verdict.Undecided), (Batch, Verdict.Undecided), (Proxy, Verdict.Undecided)]),
        ("one layer grows in three seeds and shrinks in two", Mixed(Of(), Of(secondGrows: 0.5), run => run.Seed),
            [(Grow, Verdict.Undecided)]),
        ("batches are far off", Of(error: 0.4), [(Proxy, Verdict.NotReproduced)]),
        ("the trainings don't fit their images", Of(loss: 0.5),
            [
                (Small, Verdict.Reproduced), (Proxy, Verdict.Reproduced),
                .. new[] { Pressure, Grow, Label, Batch, Slower }.Select(claim => (claim, Verdict.Undecided)),
            ]),
    ];

    private static ImmutableArray<TransferRun> Of(
        double start = 0.5, double second = 0.5, double secondGrows = 2, double label = 0.3, double batch = 0.3,
        double transfer = 0.8, double gradient = 0.5,
        double error = 0.02, double pressure = 0.1, double halfway = 1, double loss = 0.01) =>
    [
        .. Enumerable.Range(0, 5).Select(seed =>
        {
            var noise = 1 + (0.02 * (seed - 2));
            TransferPoint At(long step, double share, double a, double b) =>
                new(step, [start * Math.Pow(2, share) * noise, Math.Max(start, second) * Math.Pow(secondGrows, share)],
                    10 * Math.Pow(transfer * noise, share), 100 * Math.Pow(gradient, share), 5,
                    4 * Math.Pow(pressure * noise, share) * (share == 0.5 ? halfway : 1),
                    4 * Math.Pow(pressure * noise, share) * a * noise, 4 * Math.Pow(pressure * noise, share) * b * noise);
            return new TransferRun(
                3, seed, loss, [At(0, 0, 0.5, 0.5), At(100, 0.5, label, batch), At(1000, 1, 0.5, 0.5)], [error * noise, -error * noise]);
        }),
    ];
}
