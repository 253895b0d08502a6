using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gor-1: lengths that end, and stay on the way, where they are to be or elsewhere.</summary>
internal sealed class ParabolaExperimentRuns() : MadeUpParabola(new ParabolaExperiment())
{
    private const string End = "ends-shortest";
    private const string Error = "shortest-for-its-error";
    private const string Values = "shortest-for-its-values";

    private static readonly double s_shortest = Parabola.ShortestLength;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ParabolaRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("shortest throughout", Trainings([2, 2.1, 2.5, 2.9, s_shortest * 1.005], 1.04, 1.03),
            [(End, Verdict.Reproduced), (Error, Verdict.Reproduced), (Values, Verdict.Reproduced)]),
        ("too long at the end", Trainings([2, 2.1, 2.5, 2.9, s_shortest * 1.02]), [(End, Verdict.NotReproduced)]),
        ("too short at the end", Trainings([2, 2.1, 2.5, 2.9, s_shortest * 0.98]), [(End, Verdict.NotReproduced)]),
        ("some end within 1 %, some beyond", Trainings([2, 2.1, 2.5, 2.9, s_shortest * 1.0097]), [(End, Verdict.Undecided)]),
        ("the end doesn't fit the points", Trainings([2, 2.1, 2.5, 2.9, s_shortest], loss: 0.01), [(End, Verdict.Undecided)]),
        ("cut short", Trainings([2, 2.1, 2.5, 2.9, s_shortest], last: 20_000),
            [(End, Verdict.Undecided), (Error, Verdict.Undecided), (Values, Verdict.Undecided)]),
        ("straight between its values, and far from the shortest of its error",
            Trainings([2, 2.1, 2.5, 2.9, s_shortest * 1.002], 1.2, 1.03),
            [(End, Verdict.Reproduced), (Error, Verdict.NotReproduced), (Values, Verdict.Reproduced)]),
        ("bent at one step between its values", Trainings([2, 2.1, 2.5, 2.9, s_shortest], 1.2, 1.06),
            [(Error, Verdict.NotReproduced), (Values, Verdict.NotReproduced)]),
        ("one training diverged", Diverged(Trainings([2, 2.1, 2.5, 2.9, s_shortest], 1.04, 1.03)),
            [(End, Verdict.Undecided), (Error, Verdict.Undecided), (Values, Verdict.Undecided)]),
        ("at the bound on average, and never beyond", Near(Trainings([2, 2.1, 2.5, 2.9, s_shortest])), [(Error, Verdict.Undecided)]),
        ("far from the shortest in three trainings of five", Trainings([2, 2.1, 2.5, 2.9, s_shortest], 1.2, 1.06, excesses: 3),
            [(Error, Verdict.NotReproduced), (Values, Verdict.NotReproduced)]),
        ("far from the shortest in two", Trainings([2, 2.1, 2.5, 2.9, s_shortest], 1.2, 1.06, excesses: 2),
            [(Error, Verdict.Undecided), (Values, Verdict.Undecided)]),
    ];

    private static ParabolaRuns Diverged(ParabolaRuns runs) => OfOne(runs, 1, point => point with
    {
        Loss = double.NaN,
        ArcLength = double.NaN,
        ShortestForItsError = double.NaN,
        ShortestForItsValues = double.NaN,
    });

    // Four just within 5 % and one far within it: of other trainings some would be beyond.
    private static ParabolaRuns Near(ParabolaRuns runs) => Enumerable.Range(0, 5).Aggregate(runs, (all, seed) => OfOne(
        all, seed, point => point with { ShortestForItsError = point.ArcLength / (seed == 0 ? 1.01 : 1.0499) }));

    private static ParabolaRuns OfOne(ParabolaRuns runs, int seed, Func<ParabolaPoint, ParabolaPoint> change) => runs with
    {
        Runs = runs.Runs.SetItem(seed, runs.Runs[seed] with
        {
            Track = [.. runs.Runs[seed].Track.Select((point, i) => i == 0 ? point : change(point))],
        }),
    };
}
