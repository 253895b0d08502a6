using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-7: C2 at initialization and trained.</summary>
internal sealed class FlippingUnitsRuns() : MadeUpRuns<ConditionRuns>(new FlippingUnits())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        .. MadeUpConditions.Cases("c2", new(2, 29, 2), new(2, 4, 2)).Where(made => made.Name != "more than doubled in one"),
        ("more than doubled as drawn", MadeUpConditions.Runs(new(2, 4, 2) { DrawnC2 = 1 }, new(2, 4, 2) { DrawnC2 = 2.1 }),
            [("similar", Verdict.NotReproduced), ("similar-as-stated", Verdict.Reproduced)]),
        ("more than doubled as the theorem states it, of one", MadeUpConditions.WithOne(new(2, 9, 2) { DrawnC2 = 1 }),
            [("similar-as-stated", Verdict.NotReproduced)]),
        ("more than halved as the theorem states it, of one", MadeUpConditions.WithOne(new(2, 1.9, 2) { DrawnC2 = 1 }),
            [("similar-as-stated", Verdict.NotReproduced)]),
        ("as the theorem states it so different that others may not be similar", MadeUpConditions.Changing,
            [("similar-as-stated", Verdict.Undecided)]),
        ("similar as the theorem states it, but not trained to the end", MadeUpConditions.NotFitted,
            [("similar-as-stated", Verdict.Undecided)]),
    ];
}
