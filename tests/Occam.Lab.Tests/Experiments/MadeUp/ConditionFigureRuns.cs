using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Constants of the conditions of Theorem 1 of perceptrons, made up.</summary>
internal static class Conditions
{
    /// <summary>Three perceptrons that are within all bounds of the paper, at initialization and trained.</summary>
    public static ConditionRuns Good { get; } = Runs(new(2, 4, 2), new(3, 4.5, 2.5));

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

    /// <summary>The cases of a claim on a bound and of one on similarity.</summary>
    public static IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Cases(
        string bound, LayerConditions beyond, LayerConditions changed) =>
    [
        ("all within", Good, [(bound, Verdict.Reproduced)]),
        ("one beyond after training", WithOne(beyond), [(bound, Verdict.NotReproduced)]),
        ("one beyond at initialization", WithOneInitial(beyond), [(bound, Verdict.NotReproduced)]),
        ("nearly the same before and after", Runs(new(2, 4, 2) { DrawnC2 = 1 }, new(2, 4, 2) { DrawnC2 = 1.5 }),
            [("similar", Verdict.Reproduced)]),
        ("more than doubled in one", WithOne(changed), [("similar", Verdict.NotReproduced)]),
        ("not trained to the end", NotFitted, [(bound, Verdict.Undecided), ("similar", Verdict.Undecided)]),
    ];
}

/// <summary>eg-5: the bounds on the conditions of trained perceptrons.</summary>
public sealed class TheoremConditionsRuns() : MadeUpRuns<ConditionRuns>(new TheoremConditions())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("all within", Conditions.Good, [("c1", Verdict.Reproduced), ("c2", Verdict.Reproduced), ("c3", Verdict.Reproduced)]),
        ("one network beyond", Conditions.WithOne(new(4.1, 29, 3.1)),
            [("c1", Verdict.NotReproduced), ("c2", Verdict.NotReproduced), ("c3", Verdict.NotReproduced)]),
        ("small as drawn alone", Conditions.Runs(new(2, 4, 2), new(3, 29, 2) { DrawnC2 = 4 }),
            [("c1", Verdict.Reproduced), ("c2", Verdict.NotReproduced)]),
        ("beyond at initialization, of which the figure says nothing", Conditions.WithOneInitial(new(40, 290, 30)),
            [("c1", Verdict.Reproduced), ("c2", Verdict.Reproduced), ("c3", Verdict.Reproduced)]),
        ("not trained to the end", Conditions.NotFitted,
            [("c1", Verdict.Undecided), ("c2", Verdict.Undecided), ("c3", Verdict.Undecided)]),
    ];
}

/// <summary>eg-6: C1 at initialization and trained.</summary>
public sealed class LayerInteractionsRuns() : MadeUpRuns<ConditionRuns>(new LayerInteractions())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
        Conditions.Cases("c1", new(4.1, 4, 2), new(4.1, 4, 2));
}

/// <summary>eg-7: C2 at initialization and trained.</summary>
public sealed class FlippingUnitsRuns() : MadeUpRuns<ConditionRuns>(new FlippingUnits())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        .. Conditions.Cases("c2", new(2, 29, 2), new(2, 4, 2)).Where(made => made.Name != "more than doubled in one"),
        ("more than doubled as drawn", Conditions.Runs(new(2, 4, 2) { DrawnC2 = 1 }, new(2, 4, 2) { DrawnC2 = 2.1 }),
            [("similar", Verdict.NotReproduced)]),
    ];
}

/// <summary>eg-8: C3 at initialization and trained.</summary>
public sealed class UnitWeightsRuns() : MadeUpRuns<ConditionRuns>(new UnitWeights())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
        Conditions.Cases("c3", new(2, 4, 3.1), new(2, 4, 4.1));
}
