using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-6: Figure 6 of Neyshabur et al. 2017 (App. D), condition C1 at initialization and trained: all combinations, those between two
/// products of several layers, and those with a single layer.
/// </summary>
public sealed class LayerInteractions() : ConditionFigure("eg-6", "Layers interact after training as they did before", "Figure 6")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("C1 holds with μ of 1/4 or more, at initialization and trained.", "§4 and App. D, Figure 6"),
        new("In terms of C1 the trained network is very similar to its initialization.", "App. D, Figure 6"),
    ];

    private protected override string Summary => "How much of the size of two products of layers is left when they are multiplied: all "
        + "of it where the layers don’t cancel each other, a condition number 1/μ near 1.";

    private protected override IEnumerable<VerdictBlock> Verdicts(ImmutableArray<DeepPerceptrons.Pair> pairs, ExperimentScale scale)
    {
        yield return Within(
            Claims[0], "1/μ", LargestConditionNumber, [.. pairs.SelectMany(pair => new[] { pair.Initial, pair.Final })],
            one => one.ConditionNumber, pairs.Length, scale);
        yield return Near(Claims[1], "1/μ", pairs, one => one.ConditionNumber, scale);
    }

    private protected override IEnumerable<Block> Panels(ImmutableArray<DeepPerceptrons.Pair> pairs)
    {
        yield return Row("at initialization", [.. pairs.SelectMany(pair => pair.Initial.Ratios)]);
        yield return Row("trained", [.. pairs.SelectMany(pair => pair.Final.Ratios)]);
    }

    private static SideBySide Row(string when, InteractionRatio[] ratios)
    {
        Chart Of(string which, Func<InteractionRatio, bool> chosen) =>
            Distribution($"{which}, {when}", "1/μ of each a, b, c", ratios
                .Where(chosen)
                .Select(ratio => 1 / ratio.Value), LargestConditionNumber, "1/μ = 4");
        return new SideBySide(
            Of("All", _ => true), Of("a < c < b − 1", ratio => !ratio.IsBoundary), Of("c = a or c = b − 1", ratio => ratio.IsBoundary));
    }
}
