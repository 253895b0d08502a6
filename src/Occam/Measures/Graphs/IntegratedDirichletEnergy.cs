namespace Occam.Measures.Graphs;

/// <summary>
/// The Dirichlet energy DE(f) = ½ ∫ ‖∇f‖² dx over the feature polytope, the convex hull of the data (Dherin et
/// al. 2021, eq. 4); ‖·‖ is the Frobenius norm for several outputs. For d = 1 exact from the kinks of a
/// piecewise-linear network (adaptive quadrature otherwise); for d = 2 and 3 by uniform sampling in the hull,
/// with its standard error.
/// </summary>
public sealed record IntegratedDirichletEnergy() : Measure(
    "integrated-dirichlet-energy", "Dirichlet energy over the feature polytope", "Dherin et al. 2021, eq. 4",
    "$½ ∫ ‖∇f(x)‖² dx$ over the convex hull of the data",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Derivative | MeasureNeeds.FewInputs)
{
    /// <inheritdoc/>
    public override string Meaning => "Half of how steep the network is, as a mean square, over all of the space between the data.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context) =>
        HullIntegral.Compute(context, squared => squared / 2) is { } integral
            ? Blank with
            {
                Quantity = integral.Quantity,
                Details = [new("volume", integral.Volume)],
                Notes = integral.Notes,
            }
            : Blank with { NotApplicable = HullIntegral.NoVolume };
}
