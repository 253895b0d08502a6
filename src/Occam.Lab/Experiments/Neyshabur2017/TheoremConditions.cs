using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-5: Figure 5 of Neyshabur et al. 2017, the conditions of Theorem 1 on trained perceptrons of ten layers with 1000 units.
/// </summary>
internal sealed class TheoremConditions() : ConditionFigure(
    "eg-5",
    "Trained perceptrons meet the conditions that keep them from being sharp",
    "Figure 5")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ConditionRuns>> JudgedClaims { get; } =
    [
        new("c1", "C1 holds with μ of 1/4 or more.", "§4, Figure 5, left", runs => ConditionClaims.C1(runs, ConditionClaims.Trained)),
        new("c2", "C2 holds with C₂ of 5 or less.", "§4, Figure 5, middle", runs => ConditionClaims.C2(runs, ConditionClaims.Trained)),
        new("c3", "C3 holds with C₃ of 3 or less.", "§4, Figure 5, right", runs => ConditionClaims.C3(runs, ConditionClaims.Trained)),
    ];

    private protected override string Summary =>
        "Noise on the weights changes a network little where its layers don’t cancel each other (C1), few units are near the edge of "
            + "flipping (C2), and no unit’s weights tower over the others’ (C3). Do trained networks meet these conditions?";

    private protected override IEnumerable<RichText> Remarks(ConditionRuns runs) => [OnC2(runs)];

    private protected override IEnumerable<Block> Panels(ConditionRuns runs)
    {
        yield return new SideBySide(
            Distribution("C1: condition number", "1/μ of each a, b, c", runs.Trained
                .SelectMany(one => one.Ratios)
                .Select(ratio => 1 / ratio.Value), ConditionClaims.LargestConditionNumber, "1/μ = 4"),
            DrawnNearZero("C2: units that flip", runs.Trained, 1),
            Distribution(
                "C3: weights of units", "norm over the layer’s mean", runs.Trained.SelectMany(one => one.Peaks),
                ConditionClaims.LargestC3, "C₃ = 3"));
        yield return NearZero("C2 as the theorem states it", runs.Trained);
    }
}
