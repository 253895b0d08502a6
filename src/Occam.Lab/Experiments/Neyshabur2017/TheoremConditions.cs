using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-5: Figure 5 of Neyshabur et al. 2017, the conditions of Theorem 1 on trained perceptrons of ten layers with 1000 units.
/// </summary>
public sealed class TheoremConditions() : ConditionFigure(
    "eg-5",
    "Trained perceptrons meet the conditions that keep them from being sharp",
    "Figure 5")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("C1 holds with μ of 1/4 or more.", "§4, Figure 5, left"),
        new("C2 holds with C₂ of 5 or less.", "§4, Figure 5, middle"),
        new("C3 holds with C₃ of 3 or less.", "§4, Figure 5, right"),
    ];

    private protected override string Summary =>
        "Noise on the weights changes a network little where its layers don’t cancel each other (C1), few units are near the edge of "
            + "flipping (C2), and no unit’s weights tower over the others’ (C3). Do trained networks meet these conditions?";

    private protected override IEnumerable<VerdictBlock> Verdicts(ImmutableArray<DeepPerceptrons.Pair> pairs, ExperimentScale scale)
    {
        LayerConditions[] trained = [.. pairs.Select(pair => pair.Final)];
        yield return Within(Claims[0], "1/μ", LargestConditionNumber, trained, one => one.ConditionNumber, pairs.Length, scale);
        yield return Within(Claims[1], "C₂", LargestC2, trained, one => one.C2, pairs.Length, scale);
        yield return Within(Claims[2], "C₃", LargestC3, trained, one => one.C3, pairs.Length, scale);
    }

    private protected override IEnumerable<Block> Panels(ImmutableArray<DeepPerceptrons.Pair> pairs)
    {
        LayerConditions[] trained = [.. pairs.Select(pair => pair.Final)];
        yield return new SideBySide(
            Distribution("C1: condition number", "1/μ of each a, b, c", trained
                .SelectMany(one => one.Ratios)
                .Select(ratio => 1 / ratio.Value), LargestConditionNumber, "1/μ = 4"),
            NearZero("C2: units that flip", trained, 1),
            Distribution("C3: weights of units", "norm over the layer’s mean", trained.SelectMany(one => one.Peaks), LargestC3, "C₃ = 3"));
    }
}
