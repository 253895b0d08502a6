using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;
using Occam.Measures.Regions;
using Occam.Theory;
using Occam.Theory.Parts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-6: Figure 6 of Loukas et al. 2021 (App. A.3). A network of two hidden layers learns Task 1 with ω = 0.5; on the plane
/// of the data, cell by cell: the true and the learned function, the exact linear regions with their Lipschitz constants,
/// and the bound of Theorem 2 on the regions without training points.
/// <para>
/// Stated: ω = 0.5, two hidden layers, 200 points. From the authors' code: 10 → identity → 32 → 1, 1000 epochs.
/// </para>
/// </summary>
public sealed class RegionsOnThePlane() : Experiment(
    "bth-6",
    "Linear regions, their Lipschitz constants, and what Theorem 2 says of empty ones",
    Papers.Loukas2021,
    "Figure 6")
{
    private const double Frequency = 0.5;
    private const int Points = 200;
    private const int Hidden = 32;
    private const int MostBounds = 1500;
    private const int Grid = 100;
    private const double Rounding = 1e-6;
    private const double SmallFactor = 10;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("Where Theorem 2 applies it holds: the Lipschitz constant of an empty region is at most its bound.", "Theorem 2"),
        new("There the bound is loose by a small factor, about four.", "App. A.3, Figure 6d"),
        new("It doesn’t apply everywhere: of some empty regions the theorem says nothing.", "App. A.3, Figure 6d"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"{Points} points, {Hidden} hidden units, {Epochs(scale):N0} epochs",
        scale == ExperimentScale.Smoke ? 1 : scale == ExperimentScale.Laptop ? 3 : 10,
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 10 : scale == ExperimentScale.Laptop ? 60 : 180));

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var epochs = Epochs(context.Scale);
        var pictures =
            context.Replicate("training, and cutting the plane", context.Seeds, (seed, replica) => Picture.Of(seed, epochs, replica));
        var bounded = pictures.SelectMany(picture => picture.Bounded).ToArray();
        double[] looseness = [.. bounded.Where(cell => cell.Lipschitz > 0).Select(cell => cell.Bound / cell.Lipschitz)];
        var medians = pictures
            .Select(picture => picture.Bounded.Where(cell => cell.Lipschitz > 0).Select(cell => cell.Bound / cell.Lipschitz).Median())
            .ToArray();
        var holding = bounded.Count(cell => cell.Lipschitz <= cell.Bound * (1 + Rounding));
        var silent = pictures.Sum(picture => picture.Silent);
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = RichText.Html(
                $"The network is affine on each of {pictures[0].Cells.Length} convex polygons of the plane that its ",
                $"{Points} training points lie on; they are computed, not sampled. Of {bounded.Length + silent} empty regions ",
                $"looked at, Theorem 2 bounds {bounded.Length}; there its bound is ",
                $"{looseness.Median()} times the true constant, in the median."),
            Verdicts =
            [
                Judgement.Holds(
                    Claims[0], bounded.Length > 0 && holding == bounded.Length,
                    $"It holds in {holding} of the {bounded.Length} empty regions that it says something of", context.Seeds.Length,
                    context.Scale),
                Judgement.Holds(
                    Claims[1],
                    looseness.Length > 0 && looseness.Median() <= SmallFactor,
                    $"In the median over them the bound is {Numbers.Format(looseness.Median(), 3)} times the constant",
                    context.Seeds.Length,
                    context.Scale,
                    new Fact("counts as small", $"at most {SmallFactor}"),
                    new Fact("median of each seed", RichText.WithError(Uncertain.RunningMean(medians).ZeroErrorOfOne())),
                    new Fact("quartiles", looseness.Length > 0
                        ? $"{Numbers.Format(looseness.LowerQuartile(), 3)} to {Numbers.Format(looseness.UpperQuartile(), 3)}"
                        : "none")),
                Judgement.Holds(
                    Claims[2], silent > 0, $"It says nothing of {silent} of {bounded.Length + silent} empty regions", context.Seeds.Length,
                    context.Scale),
            ],
            Panels = Panels(pictures[0]),
            Settings =
            [
                .. CosineTask
                    .Described(context)
                    .Where(setting => setting.Name.PlainText is not ("points" or "network" or "epochs")),
                new("frequency", Frequency, Origin.Stated),
                new("points", (long)Points, Origin.Stated),
                new("network", $"10 → 10 (identity, trained bias) → {Hidden} → 1, ReLU", Origin.Code),
                new("epochs", (long)epochs, context.Scale == ExperimentScale.Smoke ? Origin.Run : Origin.Code),
                new("interval T of Theorem 2", "one epoch at the weights as they are in the end, so that Assumption 1 holds with γ = 0",
                    Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "regions",
                    "each linear region on the window: its centre, area, Lipschitz constant, number of training points, and Theorem 2’s "
                        + "bound where it has one",
                    from picture in pictures from cell in picture.Cells select (picture.Seed, Cell: cell),
                    ("seed", row => row.Seed),
                    ("z1", row => row.Cell.Polygon.Centroid.S),
                    ("z2", row => row.Cell.Polygon.Centroid.T),
                    ("area", row => row.Cell.Polygon.Area),
                    ("lipschitz", row => row.Cell.Lipschitz),
                    ("points", row => row.Cell.Points),
                    ("bound", row => row.Cell.Bound)),
            ],
        };
    }

    private static int Epochs(ExperimentScale scale) => scale == ExperimentScale.Smoke ? 100 : 1000;

    private static ImmutableArray<Block> Panels(Picture picture)
    {
        var (z1, z2) = (new Axis("z₁", Minimum: -1, Maximum: 1), new Axis("z₂", Minimum: -1, Maximum: 1));
        var values = new ShadeScale("f", Minimum: -1, Maximum: 1, Ramp: Ramp.Diverging);
        var points = new Dots([.. picture.Points.Select(point => point.S)], [.. picture.Points.Select(point => point.T)])
        {
            Name = "training points",
            Tone = Tone.Blue,
        };
        IReadOnlyList<(double, double)>[] corners = [.. picture.Cells.Select(
            cell => (IReadOnlyList<(double, double)>)[.. cell.Polygon.Corners.Select(corner => (corner.S, corner.T))])];
        var steepest = picture.Cells.Max(cell => cell.Lipschitz);
        return
        [
            new Section(
                "Figure 6",
                new SideBySide(
                    new Chart(
                        "True function", z1, z2, HeatMap.Of(-1, 1, -1, 1, Grid, Grid, (a, b) => CosineTask.Target(Frequency, a, b)),
                        points) { Shade = values, AspectRatio = 1 },
                    new Chart(
                        "Learned function, and its linear regions", z1, z2,
                        new Polygons(corners, [.. picture.Cells.Select(cell => cell.Value)]), points) { Shade = values, AspectRatio = 1 }),
                new SideBySide(
                    new Chart("Lipschitz constant of each region", z1, z2, new Polygons(corners, [
                        .. picture.Cells.Select(cell => cell.Lipschitz),
                    ]), points) { Shade = new ShadeScale("‖∇f‖", Minimum: 0, Maximum: steepest), AspectRatio = 1 },
                    new Chart(
                        "Theorem 2’s bound on empty regions", z1, z2, new Polygons(corners, [.. picture.Cells.Select(cell => cell.Bound)]),
                        points)
                    {
                        Shade = new ShadeScale("bound on ‖∇f‖", Minimum: 0),
                        AspectRatio = 1,
                        Caption = "Gray: regions with training points, and those of which the theorem says nothing (the paper’s white "
                            + "and black regions), told apart by whether a point lies in them.",
                    })),
        ];
    }

    /// <summary>What is known of a region: the network there, and what Theorem 2 says.</summary>
    /// <param name="Polygon">Where it is.</param>
    /// <param name="Value">f at its centre.</param>
    /// <param name="Lipschitz">‖∇f‖ there.</param>
    /// <param name="Points">Training points in it.</param>
    /// <param name="Bound">Theorem 2's bound; NaN where it isn't empty, wasn't looked at, or the theorem says nothing.</param>
    private sealed record Cell(ConvexPolygon Polygon, double Value, double Lipschitz, int Points, double Bound);

    private sealed record Picture(int Seed, ImmutableArray<Cell> Cells, IReadOnlyList<PlanePoint> Points, int Silent)
    {
        public IEnumerable<Cell> Bounded => Cells.Where(cell => double.IsFinite(cell.Bound));

        public static Picture Of(int seed, int epochs, Replica replica)
        {
            var (training, test) = CosineTask.Data(Frequency, seed, RegionsOnThePlane.Points);
            var run = TrajectoryRun.Train(
                $"ω = {Frequency}", Frequency, seed, CosineTask.Network(seed, Hidden), training, test, CosineTask.Settings(seed, epochs),
                replica);
            var basis = CosineTask.Basis(seed);
            var slice = new PlaneSlice(new double[CosineTask.Dimensions], basis[0], basis[1], CosineTask.Dimensions);
            PlanePoint[] points = [.. CosineTask.Plane(RegionsOnThePlane.Points, seed).Select(z => new PlanePoint(z[0], z[1]))];
            var cells = RegionArrangement.Of(
                run.Network, slice, ConvexPolygon.Rectangle(-1, 1, -1, 1), points, cancellation: replica.Cancellation).Cells;
            var bound = EmptyRegionBound.Of(new TheoryContext(run.Network, training), out var why)
                ?? throw new OccamException($"Theorem 2 isn't applicable: {why}");
            int[] empty = [.. Enumerable.Range(0, cells.Length).Where(i => cells[i].Points.IsEmpty)];
            var every = Math.Max(1, (empty.Length + MostBounds - 1) / MostBounds);
            int[] sampled = [.. empty.Where((_, i) => i % every == 0)];
            var bounds = new Dictionary<int, double>();
            foreach (var chunk in sampled.Chunk(50))
            {
                replica.Cancellation.ThrowIfCancellationRequested();
                foreach (var (i, value) in chunk.Zip(bound.At(slice.Inputs([.. chunk.Select(i => cells[i].Polygon.Centroid)]))))
                {
                    bounds[i] = value;
                }
            }

            return new Picture(
                seed,
                [.. cells.Select((cell, i) => new Cell(
                    cell.Polygon, cell.Value[0], cell.GradientNorm, cell.Points.Length,
                    bounds.TryGetValue(i, out var value) && double.IsFinite(value) ? value : double.NaN))],
                points,
                bounds.Values.Count(double.IsPositiveInfinity));
        }
    }
}
