using System.Collections.Immutable;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-open-interpolant: functions on the polyline, on the parabola, and between.</summary>
internal sealed class LearnedInterpolantRuns() : MadeUpRuns<ParabolaRuns>(new LearnedInterpolant())
{
    private const string Is = "is-polyline";
    private const string Nearer = "nearer-to-polyline";
    private const string AtWorst = "nearer-to-polyline-at-worst";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ParabolaRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("the polyline", Of(0), [(Is, Verdict.Reproduced), (Nearer, Verdict.Reproduced), (AtWorst, Verdict.Reproduced)]),
        ("the parabola", Of(1), [(Is, Verdict.NotReproduced), (Nearer, Verdict.NotReproduced), (AtWorst, Verdict.NotReproduced)]),
        ("nearer to the parabola", Of(0.8), [(Is, Verdict.NotReproduced), (Nearer, Verdict.NotReproduced)]),
        ("beyond the polyline", Of(-1), [(Is, Verdict.NotReproduced), (Nearer, Verdict.Reproduced), (AtWorst, Verdict.Reproduced)]),
        ("the polyline but for one place, where it is the parabola and beyond", Of(0, bump: 1.5),
            [(Nearer, Verdict.Reproduced), (AtWorst, Verdict.NotReproduced)]),
        ("the polyline in three seeds, the parabola in two", Of(0) with { Runs = Mixed(Of(0).Runs, Of(1).Runs, run => run.Seed) },
            [(Is, Verdict.Undecided), (Nearer, Verdict.Undecided), (AtWorst, Verdict.Undecided)]),
        ("one training diverged", Diverged(Of(0)),
            [(Is, Verdict.Undecided), (Nearer, Verdict.Undecided), (AtWorst, Verdict.Undecided)]),
        ("not fitted", Of(0, loss: 1e-4), [(Is, Verdict.Undecided), (Nearer, Verdict.Undecided), (AtWorst, Verdict.Undecided)]),
    ];

    private static ParabolaRuns Diverged(ParabolaRuns runs) => runs with
    {
        Runs = runs.Runs.SetItem(1, runs.Runs[1] with
        {
            Track = [runs.Runs[1].Track[0] with { Loss = double.NaN }],
            Functions = [new ParabolaFunction(100_000, [-1, 1], [double.NaN, double.NaN], [])],
        }),
    };

    // Between the polyline (0) and the parabola (1), and seed by seed a little apart.
    private static ParabolaRuns Of(double share, double loss = 1e-8, double bump = 0) => new([.. Enumerable.Range(0, 5).Select(seed =>
    {
        var own = share + (0.01 * (seed - 2));
        ImmutableArray<double> x = [.. Enumerable.Range(0, 901).Select(i => -1 + (i / 450.0))];
        ImmutableArray<double> y = [.. x.Select(at =>
        {
            var i = Math.Clamp((int)((at + 1) * 4.5), 0, 8);
            var chord = Parabola.Y[i] + ((Parabola.Y[i + 1] - Parabola.Y[i]) * (at - Parabola.X[i]) * 4.5);
            return chord + ((own + (Math.Abs(at) < 0.02 ? bump : 0)) * ((at * at) - chord));
        })];
        return new ParabolaRun(
            seed, [new ParabolaPoint(100_000, loss, 2.95, 0.7, 900, 2.95, 2.95)], [new ParabolaFunction(100_000, x, y, Parabola.Y)]);
    })]);
}
