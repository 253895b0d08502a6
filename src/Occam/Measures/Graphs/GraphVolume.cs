namespace Occam.Measures.Graphs;

/// <summary>
/// The volume of the graph, Ω(f) = ∫ √(1 + ‖∇f‖²) dx over the feature polytope, the convex hull of the data
/// (Dherin et al. 2021, eq. 2), for one output. Beside it the first-order approximation Vol + DE (eq. 3). For d = 1 it is
/// the arc length. Exact or sampled as <c>integrated-dirichlet-energy</c> is.
/// </summary>
public sealed record GraphVolume() : Measure(
    "graph-volume", "Volume of the graph", "Dherin et al. 2021, eq. 2",
    "$∫ √{1 + ‖∇f(x)‖²} dx$ over the convex hull of the data; beside it Vol + Dirichlet energy",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Derivative | MeasureNeeds.FewInputs | MeasureNeeds.OneOutput)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How large the graph of the function is over the space between the data: a flat function’s is the smallest.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (HullIntegral.Compute(context, squared => Math.Sqrt(1 + squared)) is not { } volume)
        {
            return Blank with { NotApplicable = HullIntegral.NoVolume };
        }

        var energy = HullIntegral.Compute(context, squared => squared / 2)!;
        return Blank with
        {
            Quantity = volume.Quantity,
            Details =
            [
                new("volume", volume.Volume),
                .. UncertainDetails.Named("firstOrder", new Uncertain(volume.Volume + energy.Value, energy.Quantity.StandardError)),
            ],
            Notes = volume.Notes,
        };
    }
}
