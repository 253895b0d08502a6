using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-5: Figure 5 of Loukas et al. 2021 (App. A.1), the four targets of Task 1 with sampled points. The paper draws them as surfaces; here
/// they are seen from above. Nothing is judged: the steepest slope of a target is 2πω by definition.
/// </summary>
internal sealed class TargetSurfaces() : Experiment<ImmutableArray<int>>(
    "bth-5", "The four targets of the regression", Papers.Loukas2021, "Figure 5")
{
    private const int Cells = 80;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<int>>> JudgedClaims => [];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new("4 functions, drawn", 3, TimeSpan.FromSeconds(1));

    /// <summary>The seeds that the points are drawn from.</summary>
    public override ImmutableArray<int> Compute(ExperimentContext context) => context.Seeds;

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<int> runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = "cos(2πω z₁) cos(2πω z₂) on the square [−1, 1]², seen from above, with the training points of the first seed. The "
            + "steepest slope is 2πω.",
            Panels =
        [
            new Section("Figure 5", new SmallMultiples(
                "The target", new Axis("z₁", Minimum: -1, Maximum: 1), new Axis("z₂", Minimum: -1, Maximum: 1), 4,
                [.. CosineTask.Frequencies.Select(frequency => Surface(frequency, runs[0]))])
            {
                Shade = new ShadeScale("y", Minimum: -1, Maximum: 1, Ramp: Ramp.Diverging),
                AspectRatio = 1,
            }),
        ],
            Settings = [.. CosineTask.Described(context).Take(4)],
            Tables =
        [
            RawTable.Of(
                "points",
                "the training points in the plane, and their targets",
                from frequency in CosineTask.Frequencies from seed in runs
                    from z in CosineTask.Plane(CosineTask.Points, seed) select (Frequency: frequency, Seed: seed, Z: z),
                ("frequency", row => row.Frequency),
                ("seed", row => row.Seed),
                ("z1", row => row.Z[0]),
                ("z2", row => row.Z[1]),
                ("y", row => CosineTask.Target(row.Frequency, row.Z[0], row.Z[1]))),
        ],
        };

    private static Panel Surface(double frequency, int seed)
    {
        var points = CosineTask.Plane(CosineTask.Points, seed);
        return new Panel(
            $"ω = {frequency}",
            HeatMap.Of(-1, 1, -1, 1, Cells, Cells, (z1, z2) => CosineTask.Target(frequency, z1, z2)),
            new Dots(
                [.. points.Select(z => z[0])], [.. points.Select(z => z[1])])
            { Name = "training points", Tone = Tone.Ink, Hollow = true });
    }
}
