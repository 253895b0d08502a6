using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-8: Figure 8 of Neyshabur et al. 2017 (App. D), condition C3 at initialization and trained, and what both networks compute.
/// </summary>
public sealed class UnitWeights() : ConditionFigure("eg-8", "No unit’s weights tower over the others’, trained or not", "Figure 8")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("C3 holds with C₃ of 3 or less, at initialization and trained.", "§4 and App. D, Figure 8"),
        new("In terms of C3 the trained network is very similar to its initialization.", "App. D, Figure 8"),
    ];

    private protected override string Summary =>
        "The norm of the weights into a unit, over the mean of its layer’s active units, and the outputs of the networks.";

    private protected override IEnumerable<VerdictBlock> Verdicts(ImmutableArray<DeepPerceptrons.Pair> pairs, ExperimentScale scale)
    {
        yield return Within(
            Claims[0], "C₃", LargestC3, [.. pairs.SelectMany(pair => new[] { pair.Initial, pair.Final })], one => one.C3, pairs.Length,
            scale);
        yield return Near(Claims[1], "C₃", pairs, one => one.C3, scale);
    }

    private protected override IEnumerable<Block> Panels(ImmutableArray<DeepPerceptrons.Pair> pairs)
    {
        static Chart Weights(string when, IEnumerable<LayerConditions> conditions) =>
            Distribution($"C3, {when}", "norm over the layer’s mean", conditions.SelectMany(one => one.Peaks), LargestC3, "C₃ = 3");
        static Chart Outputs(string when, IEnumerable<LayerConditions> conditions) =>
            Distribution($"Outputs, {when}", "output", conditions.SelectMany(one => one.Outputs), null, "");
        yield return new SideBySide(
            Weights("at initialization", pairs.Select(pair => pair.Initial)), Weights("trained", pairs.Select(pair => pair.Final)));
        yield return new SideBySide(
            Outputs("at initialization", pairs.Select(pair => pair.Initial)), Outputs("trained", pairs.Select(pair => pair.Final)));
    }
}
