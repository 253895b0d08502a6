using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-5: the bounds on the conditions of trained perceptrons.</summary>
internal sealed class TheoremConditionsRuns() : MadeUpRuns<ConditionRuns>(new TheoremConditions())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("all within", MadeUpConditions.Good, [("c1", Verdict.Reproduced), ("c2", Verdict.Reproduced), ("c3", Verdict.Reproduced)]),
        ("one network beyond", MadeUpConditions.WithOne(new(4.1, 29, 3.1)),
            [("c1", Verdict.NotReproduced), ("c2", Verdict.NotReproduced), ("c3", Verdict.NotReproduced)]),
        ("small as drawn alone", MadeUpConditions.Runs(new(2, 4, 2), new(3, 29, 2) { DrawnC2 = 4 }),
            [("c1", Verdict.Reproduced), ("c2", Verdict.NotReproduced)]),
        ("beyond at initialization, of which the figure says nothing", MadeUpConditions.WithOneInitial(new(40, 290, 30)),
            [("c1", Verdict.Reproduced), ("c2", Verdict.Reproduced), ("c3", Verdict.Reproduced)]),
        ("constants of one network that aren't known, and one that is too far from the others for three seeds",
            MadeUpConditions.WithOne(new(double.NaN, double.NaN, 2)),
            [("c1", Verdict.Undecided), ("c2", Verdict.Undecided), ("c3", Verdict.Undecided)]),
        ("one not known, one beyond", new(MadeUpConditions.WithOne(new(double.NaN, double.NaN, 2)).Runs.SetItem(
            0, MadeUpConditions.WithOne(new(4.1, 29, 3.1)).Runs[2])),
            [("c1", Verdict.NotReproduced), ("c2", Verdict.NotReproduced)]),
        ("not trained to the end", MadeUpConditions.NotFitted,
            [("c1", Verdict.Undecided), ("c2", Verdict.Undecided), ("c3", Verdict.Undecided)]),
    ];
}
