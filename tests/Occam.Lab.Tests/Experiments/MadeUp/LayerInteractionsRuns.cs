using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>eg-6: C1 at initialization and trained.</summary>
internal sealed class LayerInteractionsRuns() : MadeUpRuns<ConditionRuns>(new LayerInteractions())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ConditionRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
        MadeUpConditions.Cases("c1", new(4.1, 4, 2), new(4.1, 4, 2));
}
