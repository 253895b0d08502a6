using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-5: Figure 5 of Loukas et al. 2021 (App. A.1), the four targets of Task 1 with sampled points. The paper draws them as surfaces; here
/// they are seen from above.
/// </summary>
public sealed class TargetSurfaces() : Experiment("bth-5", "The four targets of the regression", Papers.Loukas2021, "Figure 5")
{
    private const int Cells = 80;
    private const int Samples = 20_000;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("A target of low frequency needs a smaller Lipschitz constant than one of high frequency.", "§6, Task 1"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new("4 functions, drawn", 3, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        // The gradient of the target at many random places.
        SeedGroup[] slopes = [.. CosineTask.Frequencies.Select(
            frequency => new SeedGroup($"ω = {frequency}", frequency, [.. context.Seeds.Select(seed => Steepest(frequency, seed))]))];
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "cos(2πω z₁) cos(2πω z₂) on the square [−1, 1]², seen from above, with the training points of the first seed.",
            Verdicts = [Judgement.Ordered(Claims[0], Trend.Rises, "steepest slope of the target at random places", slopes, context.Scale)],
            Panels =
            [
                new Section("Figure 5", new SmallMultiples(
                    "The target", new Axis("z₁", Minimum: -1, Maximum: 1), new Axis("z₂", Minimum: -1, Maximum: 1), 4,
                    [.. CosineTask.Frequencies.Select(frequency => Surface(frequency, context.Seeds[0]))])
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
                    from frequency in CosineTask.Frequencies from seed in context.Seeds
                        from z in CosineTask.Plane(CosineTask.Points, seed) select (Frequency: frequency, Seed: seed, Z: z),
                    ("frequency", row => row.Frequency),
                    ("seed", row => row.Seed),
                    ("z1", row => row.Z[0]),
                    ("z2", row => row.Z[1]),
                    ("y", row => CosineTask.Target(row.Frequency, row.Z[0], row.Z[1]))),
            ],
        };
    }

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

    private static double Steepest(double frequency, int seed)
    {
        var wave = 2 * Math.PI * frequency;
        return CosineTask.Plane(Samples, seed).Max(z => wave * Math.Sqrt(
            Math.Pow(Math.Sin(wave * z[0]) * Math.Cos(wave * z[1]), 2) + Math.Pow(Math.Cos(wave * z[0]) * Math.Sin(wave * z[1]), 2)));
    }
}
