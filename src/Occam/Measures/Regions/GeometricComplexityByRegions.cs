using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// Geometric complexity of a piecewise-linear network as Σ_i (n_i/|D|) ‖A_i‖_F² over the regions that the data
/// occupy (Dherin et al. 2022, eq. 2), n_i the examples in region i, where f(x) = A_i x + b_i. It equals
/// <c>geometric-complexity</c> to rounding, and so checks it: regions are told apart by the pieces that every
/// activation and pooling is on, and A_i is computed at one example of each.
/// </summary>
public sealed record GeometricComplexityByRegions() : Measure(
    "geometric-complexity-by-regions", "Geometric complexity by regions", "Dherin et al. 2022, eq. 2",
    "$Σ_i n_i/|D| ‖A_i‖_F²$ over the linear regions that the data occupy",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Derivative | MeasureNeeds.Graph | MeasureNeeds.PiecewiseLinear)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "The same as the geometric complexity, summed over the linear pieces of the function that hold examples: a check "
            + "of it.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var regions = ActivationPatterns
            .OfData(context)
            .Select((pattern, i) => (pattern, i))
            .GroupBy(pair => pair.pattern, pair => pair.i)
            .ToArray();
        var sum = 0.0;
        foreach (var chunk in regions.Chunk(context.BatchSize))
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var norms = context.Jacobian.SquaredNorms(context.Examples([.. chunk.Select(region => region.First())]));
            sum += chunk.Zip(norms).Sum(pair => pair.First.Count() * pair.Second);
        }

        return Blank with
        {
            Value = sum / context.Data!.Count,
            Details = [new("regions", regions.Length), new("largestRegion", regions.Max(region => region.Count()))],
        };
    }
}
