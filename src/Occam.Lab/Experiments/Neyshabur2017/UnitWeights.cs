using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-8: Figure 8 of Neyshabur et al. 2017 (App. D), condition C3 at initialization and trained, and what both networks compute.
/// </summary>
internal sealed class UnitWeights() : ConditionFigure("eg-8", "No unit’s weights tower over the others’, trained or not", "Figure 8")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ConditionRuns>> JudgedClaims { get; } =
    [
        new("c3", "C3 holds with C₃ of 3 or less, at initialization and trained.", "§4 and App. D, Figure 8",
            runs => ConditionClaims.C3(runs, ConditionClaims.Both)),
        new("similar", "In terms of C3 the trained network is very similar to its initialization.", "App. D, Figure 8",
            runs => ConditionClaims.IsSimilar(runs, "C₃", one => one.C3)),
    ];

    private protected override string Summary =>
        "The norm of the weights into a unit, over the mean of its layer’s active units, and the outputs of the networks.";

    private protected override IEnumerable<Block> Panels(ConditionRuns runs)
    {
        static Chart Weights(string when, IEnumerable<LayerConditions> conditions) => Distribution(
            $"C3, {when}", "norm over the layer’s mean", conditions.SelectMany(one => one.Peaks), ConditionClaims.LargestC3, "C₃ = 3");
        static Chart Outputs(string when, IEnumerable<LayerConditions> conditions) =>
            Distribution($"Outputs, {when}", "output", conditions.SelectMany(one => one.Outputs), null, "");
        LayerConditions[] initial = [.. runs.Runs.Select(run => run.Initial)];
        yield return new SideBySide(Weights("at initialization", initial), Weights("trained", runs.Trained));
        yield return new SideBySide(Outputs("at initialization", initial), Outputs("trained", runs.Trained));
    }
}
