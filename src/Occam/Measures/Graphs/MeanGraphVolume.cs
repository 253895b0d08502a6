namespace Occam.Measures.Graphs;

/// <summary>
/// The volume of the graph of Dherin et al. 2021, eq. 2, in any dimension, per unit of volume: the mean of √(1 + ‖∇f(x)‖²) over the points
/// of <c>mean-dirichlet-energy</c>, for one output; at least 1. Beside it its first-order approximation 1 + ½ mean ‖∇f‖² (eq. 3),
/// which is never below it, and how far off that is (<c>firstOrder.error</c>, of the same points).
/// </summary>
public sealed record MeanGraphVolume() : Measure(
    "mean-graph-volume", "Volume of the graph per volume of polytope", "Dherin et al. 2021, eq. 2–3",
    "$E_x √{1 + ‖∇f(x)‖²}$ over random points of random simplices of data points; beside it $1 + E_x ½ ‖∇f(x)‖²$",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Derivative | MeasureNeeds.OneOutput)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much larger the graph of the function is than the space that it lies over, at random points between the "
            + "data: 1 where it is flat.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var samples = PolytopeSamples.Of(context);
        var volume = PolytopeSamples.Mean(samples.Inside, square => Math.Sqrt(1 + square));
        var off = PolytopeSamples.Mean(samples.Inside, square => 1 + (square / 2) - Math.Sqrt(1 + square));
        var chords = PolytopeSamples.Mean(samples.OnChords, square => Math.Sqrt(1 + square));
        return Blank with
        {
            Quantity = volume,
            Details =
            [
                new("firstOrder", volume.Value + off.Value),
                .. UncertainDetails.Named("firstOrder.error", off), .. UncertainDetails.Named("onChords", chords),
            ],
            Notes = [samples.Note(context)],
        };
    }
}
