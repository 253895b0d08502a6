using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Constants of the conditions of Theorem 1 of perceptrons, made up.</summary>
internal static class MadeUpConditions
{
    /// <summary>Three perceptrons that are within all bounds of the paper, at initialization and trained.</summary>
    public static ConditionRuns Good { get; } = Runs(new(2, 4, 2) { DrawnC2 = 1 }, new(3, 4.5, 2.5) { DrawnC2 = 1.5 });

    /// <summary>Three perceptrons that are alike.</summary>
    public static ConditionRuns Runs(LayerConditions initial, LayerConditions trained, bool fitted = true) =>
        new([.. Enumerable.Range(0, 3).Select(seed => new ConditionRun(seed, fitted, initial, trained))]);

    /// <summary>The good ones, of which one has other conditions after training: one case refutes a bound.</summary>
    public static ConditionRuns WithOne(LayerConditions trained) =>
        new(Good.Runs.SetItem(2, Good.Runs[2] with { Trained = trained }));

    /// <summary>The good ones, of which one has other conditions at initialization.</summary>
    public static ConditionRuns WithOneInitial(LayerConditions initial) =>
        new(Good.Runs.SetItem(2, Good.Runs[2] with { Initial = initial }));

    /// <summary>All of it well, but no training came to its end.</summary>
    public static ConditionRuns NotFitted { get; } =
        Runs(new(2, 4, 2) { DrawnC2 = 1 }, new(3, 4.5, 2.5) { DrawnC2 = 1 }, fitted: false);

    // Of each constant: a third, a third and nearly all of its bound.
    private static ConditionRuns Different { get; } = new(
        [.. new[] { 0.3, 0.3, 0.99 }.Select((part, seed) => new ConditionRun(
            seed, true, new(1, 1, 1), new(4 * part, 5 * part, 3 * part)))]);

    /// <summary>Constants that change not at all, not at all, and nearly twofold.</summary>
    public static ConditionRuns Changing { get; } = new(
        [.. new[] { 1, 1, 1.99 }.Select((factor, seed) => new ConditionRun(
            seed, true, new(1, 1, 1) { DrawnC2 = 1 }, new(factor, factor, factor) { DrawnC2 = factor }))]);

    /// <summary>The cases of a claim on a bound and of one on similarity.</summary>
    public static IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Cases(
        string bound, LayerConditions beyond, LayerConditions changed) =>
    [
        ("all within", Good, [(bound, Verdict.Reproduced)]),
        ("one beyond after training", WithOne(beyond), [(bound, Verdict.NotReproduced)]),
        ("one beyond at initialization", WithOneInitial(beyond), [(bound, Verdict.NotReproduced)]),
        ("all within, but so different that others may not be", Different, [(bound, Verdict.Undecided)]),
        ("all similar, but so different that others may not be", Changing, [("similar", Verdict.Undecided)]),
        ("nearly the same before and after", Runs(new(2, 4, 2) { DrawnC2 = 1 }, new(2, 4, 2) { DrawnC2 = 1.5 }),
            [("similar", Verdict.Reproduced)]),
        ("more than doubled in one", WithOne(changed), [("similar", Verdict.NotReproduced)]),
        ("of one nothing is known", WithOne(new(double.NaN, double.NaN, double.NaN) { DrawnC2 = double.NaN }),
            [(bound, Verdict.Undecided), ("similar", Verdict.Undecided)]),
        ("not trained to the end", NotFitted, [(bound, Verdict.Undecided), ("similar", Verdict.Undecided)]),
    ];
}
