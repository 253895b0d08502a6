using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-8: C3 at initialization and trained.</summary>
internal sealed class UnitWeightsRuns() : MadeUpRuns<ConditionRuns>(new UnitWeights())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
        MadeUpConditions.Cases("c3", new(2, 4, 3.1), new(2, 4, 4.1));
}
