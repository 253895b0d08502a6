using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-6: Figure 6 of Loukas et al. 2021 (App. A.3). A network of two hidden layers learns Task 1 with ω = 0.5; on the plane
/// of the data, region by region: the true and the learned function, the exact linear regions with their Lipschitz constants,
/// and the bound of Theorem 2 on every region without training points.
/// <para>
/// Stated: ω = 0.5, two hidden layers, 200 points. From the authors' code: 10 → identity → 32 → 1. The code has 1000 epochs, after which
/// up to 77 % of the target's variance is left; chosen are 30,000 as for the rest of Task 1, after which at most 1 % is.
/// </para>
/// </summary>
internal sealed class RegionsOnThePlane() : Experiment<ImmutableArray<RegionPicture>>(
    "bth-6",
    "Theorem 2 bounds the Lipschitz constants of empty linear regions, within a factor of about four",
    Papers.Loukas2021,
    "Figure 6")
{
    private const double Frequency = 0.5;
    private const int Points = 200;
    private const int Hidden = 32;
    private const int Grid = 100;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<RegionPicture>>> JudgedClaims { get; } =
    [
        new("theorem-2", "Where Theorem 2 applies it holds: the Lipschitz constant of an empty region is at most its bound.", "Theorem 2",
            RegionJudges.TheoremHolds),
        new("about-four", "There the bound overestimates the constants by roughly a factor of four.", "App. A.3, Figure 6d",
            RegionJudges.AboutFour),
        new("silent-somewhere", "It doesn’t apply everywhere: of some empty regions the theorem says nothing.", "App. A.3, Figure 6d",
            RegionJudges.SaysNothingSomewhere),
        new("small-near-origin", "The smaller regions are found close to the origin.", "App. A.3, Figure 6b", RegionJudges.SmallNearOrigin),
        new("clustered", "Low and high Lipschitz constants are clustered.", "App. A.3, Figure 6c", RegionJudges.Clustered),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"{Points} points, {Hidden} hidden units, {CosineTask.UsualEpochs(scale):N0} epochs",
        scale == ExperimentScale.Smoke ? 1 : scale == ExperimentScale.Laptop ? 5 : 10,
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 10 : scale == ExperimentScale.Laptop ? 20 : 40));

    /// <inheritdoc/>
    public override ImmutableArray<RegionPicture> Compute(ExperimentContext context) => context.Replicate(
        "training, and cutting the plane", context.Seeds,
        (seed, replica) => RegionPicture.Of(context, Frequency, Points, Hidden, seed, replica));

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<RegionPicture> runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = RichText.Html(
            $"The network is affine on each of {runs[0].Regions.Length} convex polygons of the plane that its ",
            $"{Points} training points lie on; they are computed, not sampled, and Theorem 2 is asked about each that has no point in it."),
            Panels = Panels(runs[0]),
            Settings =
        [
            .. CosineTask
                .Described(context)
                .Where(setting => setting.Name.PlainText is not ("points" or "network")),
            new("frequency", Frequency, Origin.Stated),
            new("points", (long)Points, Origin.Stated),
            new("network", $"10 → 10 (identity, trained bias) → {Hidden} → 1, ReLU", Origin.Code),
            new("interval T of Theorem 2", "one epoch at the weights as they are in the end, so that Assumption 1 holds with γ = 0",
                Origin.Chosen),
            new("roughly a factor of four",
                $"the median over a network’s bounded regions, from {RegionJudges.LeastFactor} to {RegionJudges.MostFactor}: four by two "
                    + "either way; a flat region counts as an infinite factor",
                Origin.Chosen),
            new("close to the origin", "rank correlation of a region’s area within the square and its centre’s distance; weaker than "
                + $"{Judge.WeakCorrelation} counts as none",
                Origin.Chosen),
            new("clustered",
                $"rank correlation of the constants of a region and of the one whose centre is nearest; weaker than "
                    + $"{Judge.WeakCorrelation} counts as none",
                Origin.Chosen),
            TrainingFit.Setting,
            new("seeds", string.Join(", ", context.Seeds), Origin.Run),
        ],
            Tables =
        [
            RawTable.Of(
                "regions",
                "each linear region on the square: its centre, area within it, Lipschitz constant, number of "
                    + "training points, and of empty ones Theorem 2’s bound, infinite where it says nothing",
                from picture in runs from region in picture.Regions select (picture.Seed, Region: region),
                ("seed", row => row.Seed),
                ("z1", row => row.Region.Z1),
                ("z2", row => row.Region.Z2),
                ("area", row => row.Region.Area),
                ("lipschitz", row => row.Region.Lipschitz),
                ("points", row => row.Region.Points),
                ("bound", row => row.Region.IsEmpty ? row.Region.Bound : null)),
            RawTable.Of(
                "trainings", "the part of the best constant’s loss that each training ends with", runs,
                ("seed", run => run.Seed), ("part_of_best_constants_loss", run => run.Left)),
        ],
        };

    private static ImmutableArray<Block> Panels(RegionPicture picture)
    {
        var (z1, z2) = (new Axis("z₁", Minimum: -1, Maximum: 1), new Axis("z₂", Minimum: -1, Maximum: 1));
        var values = new ShadeScale("f", Minimum: -1, Maximum: 1, Ramp: Ramp.Diverging);
        var plane = CosineTask.Plane(Points, picture.Seed);
        var points = new Dots([.. plane.Select(z => z[0])], [.. plane.Select(z => z[1])]) { Name = "training points", Tone = Tone.Blue };
        var empty = picture.Regions.Where(region => region.IsEmpty);
        var steepest = picture.Regions.Max(region => region.Lipschitz);
        return
        [
            new Section(
                "Figure 6",
                new SideBySide(
                    new Chart(
                        "True function", z1, z2, HeatMap.Of(-1, 1, -1, 1, Grid, Grid, (a, b) => CosineTask.Target(Frequency, a, b)),
                        points) { Shade = values, AspectRatio = 1 },
                    new Chart(
                        "Learned function, and its linear regions", z1, z2, Cells(picture.Regions, region => region.Value), points)
                    { Shade = values, AspectRatio = 1 }),
                new SideBySide(
                    new Chart(
                        "Lipschitz constant of each region", z1, z2, Cells(picture.Regions, region => region.Lipschitz), points)
                    { Shade = new ShadeScale("‖∇f‖", Minimum: 0, Maximum: steepest), AspectRatio = 1 },
                    new Chart(
                        "Theorem 2’s bound on empty regions", z1, z2,
                        Cells(empty, region => region.IsBounded ? region.Bound : double.NaN), points)
                    {
                        Shade = new ShadeScale("bound on ‖∇f‖", Minimum: 0),
                        AspectRatio = 1,
                        Caption = "Blank: regions with training points. Coloured: empty regions that the theorem bounds. Gray: empty "
                            + "regions of which it says nothing (the paper’s black ones). It was asked about every empty region.",
                    })),
        ];
    }

    private static Polygons Cells(IEnumerable<PlaneRegion> regions, Func<PlaneRegion, double> shade)
    {
        PlaneRegion[] all = [.. regions];
        return new Polygons([.. all.Select(region => (IReadOnlyList<(double, double)>)region.Corners)], [.. all.Select(shade)]);
    }
}
