using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Theory.Parts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-6: Figure 6 of Neyshabur et al. 2017 (App. D), condition C1 at initialization and trained: all combinations, those between two
/// products of several layers, and those with a single layer.
/// </summary>
internal sealed class LayerInteractions() : ConditionFigure("eg-6", "Layers interact after training as they did before", "Figure 6")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ConditionRuns>> JudgedClaims { get; } =
    [
        new("c1", "C1 holds with μ of 1/4 or more, at initialization and trained.", "§4 and App. D, Figure 6",
            runs => ConditionClaims.C1(runs, ConditionClaims.Both)),
        new("similar", "In terms of C1 the trained network is very similar to its initialization.", "App. D, Figure 6",
            runs => ConditionClaims.IsSimilar(runs, "1/μ", one => one.ConditionNumber)),
    ];

    private protected override string Summary => "How much of the size of two products of layers is left when they are multiplied: all "
        + "of it where the layers don’t cancel each other, a condition number 1/μ near 1.";

    private protected override IEnumerable<Block> Panels(ConditionRuns runs)
    {
        yield return Row("at initialization", [.. runs.Runs.SelectMany(run => run.Initial.Ratios)]);
        yield return Row("trained", [.. runs.Trained.SelectMany(one => one.Ratios)]);
    }

    private static SideBySide Row(string when, InteractionRatio[] ratios)
    {
        Chart Of(string which, Func<InteractionRatio, bool> chosen) => Distribution(
            $"{which}, {when}", "1/μ of each a, b, c", ratios.Where(chosen).Select(ratio => 1 / ratio.Value),
            ConditionClaims.LargestConditionNumber, "1/μ = 4");
        return new SideBySide(
            Of("All", _ => true), Of("a < c < b − 1", ratio => !ratio.IsBoundary), Of("c = a or c = b − 1", ratio => ratio.IsBoundary));
    }
}
