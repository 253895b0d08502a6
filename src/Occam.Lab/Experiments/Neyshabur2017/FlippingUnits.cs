using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-7: Figure 7 of Neyshabur et al. 2017 (App. D), condition C2 at initialization and trained: the share of units that perturbations of a
/// size flip. Whether training changes it is judged of the curves that the figure may have drawn, and of the theorem's C₂: an extreme, by
/// which two initializations of one network differ more than twofold.
/// </summary>
internal sealed class FlippingUnits() : ConditionFigure("eg-7", "Small perturbations flip few units, trained or not", "Figure 7")
{
    private const double Zoomed = 0.2;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ConditionRuns>> JudgedClaims { get; } =
    [
        new("c2", "C2 holds with C₂ of 5 or less, at initialization and trained.", "§4 and App. D, Figure 7",
            runs => ConditionClaims.C2(runs, ConditionClaims.Both)),
        new("similar", "In terms of C2, as the figure may have drawn it, the trained network is very similar to its initialization.",
            "App. D, Figure 7",
            runs => ConditionClaims.IsSimilar(runs, "C₂ as the figure may have been drawn", one => one.DrawnC2)),
        new("similar-as-stated", "In terms of C2, as Theorem 1 states it, the trained network is very similar to its initialization.",
            "App. D, Figure 7; Theorem 1",
            runs => ConditionClaims.IsSimilar(runs, "C₂ as the theorem states it", one => one.C2)),
    ];

    private protected override string Summary => "A perturbation that moves what a unit receives by δ flips those units that receive "
        + "less than δ. Their share should not grow faster than δ does.";

    private protected override IEnumerable<RichText> Remarks(ConditionRuns runs) => [OnC2(runs)];

    private protected override IEnumerable<Block> Panels(ConditionRuns runs)
    {
        LayerConditions[] initial = [.. runs.Runs.Select(run => run.Initial)];
        yield return new SideBySide(
            DrawnNearZero("At initialization", initial, 1),
            DrawnNearZero("Trained", runs.Trained, 1),
            DrawnNearZero("Trained, closer", runs.Trained, Zoomed));
        yield return new SideBySide(
            NearZero("At initialization, as the theorem states it", initial), NearZero("Trained, as the theorem states it", runs.Trained));
    }
}
