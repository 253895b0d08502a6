using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-7: Figure 7 of Neyshabur et al. 2017 (App. D), condition C2 at initialization and trained: the share of units that perturbations of a
/// size flip.
/// </summary>
public sealed class FlippingUnits() : ConditionFigure("eg-7", "Small perturbations flip few units, trained or not", "Figure 7")
{
    private const double Zoomed = 0.2;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("C2 holds with C₂ of 5 or less, at initialization and trained.", "§4 and App. D, Figure 7"),
        new("In terms of C2 the trained network is very similar to its initialization.", "App. D, Figure 7"),
    ];

    private protected override string Summary => "A perturbation that moves what a unit receives by δ flips those units that receive "
        + "less than δ. Their share should not grow faster than δ does.";

    private protected override IEnumerable<VerdictBlock> Verdicts(ImmutableArray<DeepPerceptrons.Pair> pairs, ExperimentScale scale)
    {
        yield return Within(
            Claims[0], "C₂", LargestC2, [.. pairs.SelectMany(pair => new[] { pair.Initial, pair.Final })], one => one.C2, pairs.Length,
            scale);
        yield return Near(Claims[1], "C₂", pairs, one => one.C2, scale);
    }

    private protected override IEnumerable<Block> Panels(ImmutableArray<DeepPerceptrons.Pair> pairs)
    {
        LayerConditions[] trained = [.. pairs.Select(pair => pair.Final)];
        yield return new SideBySide(
            NearZero("At initialization", [.. pairs.Select(pair => pair.Initial)], 1),
            NearZero("Trained", trained, 1),
            NearZero("Trained, closer", trained, Zoomed));
    }
}
