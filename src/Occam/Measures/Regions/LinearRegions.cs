using MathNet.Numerics.Statistics;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// How many linear regions of a piecewise-linear network the data occupy (Loukas et al. 2021, §3.1): the number
/// of distinct activation patterns on D, where a pattern says on which piece every activation and pooling is.
/// <para>
/// Beside it the density of regions between examples: boundaries crossed per unit of length on segments between
/// random pairs of examples, exact on each segment (the kinks are found layer by layer from the sign changes of
/// functions that are affine between the kinks already found), with the standard error over segments.
/// </para>
/// <para>
/// Where the input has two dimensions, or the data lie on a plane, also the exact arrangement on that plane, within the
/// data's bounding box (§A.3): how many regions there are, how many hold no example, and the gradient norm by area.
/// </para>
/// </summary>
public sealed record LinearRegions() : Measure(
    "linear-regions", "Linear regions on the data", "Loukas et al. 2021, §3.1",
    "$|π(D)|$, the number of distinct activation patterns $π$ on the data; boundaries crossed per unit length beside it",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Graph | MeasureNeeds.PiecewiseLinear)
{
    private const int Segments = 32;
    private const int FewestSegments = 2;
    private const int MostCells = 200_000;

    // A trace takes time by the square of the units: that many points, each through the whole network. Beyond this
    // number of units there are fewer segments, so that all of them take no longer.
    private const double UnitsForAllSegments = 2000;

    /// <inheritdoc/>
    public override string Meaning => "How many linear pieces of the function the examples are on.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var patterns = ActivationPatterns.OfData(context);
        var distinct = patterns.Distinct().Count();
        List<KeyValuePair<string, double>> details = [new("examplesPerRegion", patterns.Length / (double)distinct)];
        List<string> notes = [];
        var units = ActivationPatterns.Of(context.Subject.Folded!, context.Subject.FixedBatch).CountUnits(context.Examples(0, 1));
        details.Add(new("units", units));
        var segments = (int)(Segments * Math.Min(1, Math.Pow(UnitsForAllSegments / Math.Max(units, 1), 2)));
        if (patterns.Length < 2)
        {
            notes.Add("one example spans no segment: no crossings counted");
        }
        else if (context.Subject.FixedBatch is not null)
        {
            notes.Add("crossings between examples not counted: the file was exported for a fixed batch size");
        }
        else if (segments < FewestSegments)
        {
            notes.Add($"crossings between examples not counted: {Numbers.Format(units)} units make a segment's exact trace too long");
        }
        else
        {
            var (perLength, perSegment) = Crossings(context, segments);
            details.AddRange(UncertainDetails.Named("crossingsPerUnitLength", perLength));
            details.Add(new("crossingsPerSegment", perSegment));
            notes.Add($"crossings on {segments} segments between random pairs of examples (seed {context.Options.Seed}), exact on each");
            AddPlane(context, details, notes);
        }

        return Blank with { Value = distinct, Details = [.. details], Notes = [.. notes] };
    }

    private static void AddPlane(MeasureContext context, List<KeyValuePair<string, double>> details, List<string> notes)
    {
        if (DataPlane.Of(context.Data!, context.ExampleShape) is not { BoundingBox: { } box } plane)
        {
            return;
        }

        if (RegionArrangement.TryOf(
            context.Subject.Folded!, plane.Slice, box, plane.Points, MostCells, context.Options.Cancellation) is not { Cells: var cells })
        {
            notes.Add($"regions on the data's plane not counted: there are more than {Numbers.Format(MostCells)}");
            return;
        }

        details.Add(new("plane.regions", cells.Length));
        details.Add(new("plane.emptyRegions", cells.Count(cell => cell.Points.IsEmpty)));
        details.Add(new("plane.gradientNorm", cells.Sum(cell => cell.Polygon.Area * cell.GradientNorm) / box.Area));
        details.Add(new("plane.gradientNorm.maximum", cells.Max(cell => cell.GradientNorm)));
        notes.Add(
            "regions on the plane that the data lie on, exact, within their bounding box; the gradient norm there is the mean by area");
    }

    private static (Uncertain PerLength, double PerSegment) Crossings(MeasureContext context, int segments)
    {
        var random = new SeededRandom(context.Options.Seed);
        var tracer = new LineTracer(context.Subject.Folded!, context.Options.Cancellation);
        var densities = new List<double>();
        var counts = new List<double>();
        for (var segment = 0; segment < segments; segment++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var pair = random.Choose(2, context.Data!.Count);
            var ends = context.Examples(pair).To(ScalarType.Float64);
            var length = (ends.Select(0, 1) - ends.Select(0, 0)).Norm().Item();
            if (length > 0)
            {
                var kinks = tracer.CountCrossings(ends.Select(0, 0), ends.Select(0, 1));
                densities.Add(kinks / length);
                counts.Add(kinks);
            }

            context.Options.Progress?.Invoke((segment + 1.0) / segments);
        }

        return densities.Count == 0
            ? (0, 0)
            : (Uncertain.RunningMean(densities), counts.Mean());
    }
}
