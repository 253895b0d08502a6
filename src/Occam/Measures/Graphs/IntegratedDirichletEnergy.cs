namespace Occam.Measures.Graphs;

/// <summary>
/// The Dirichlet energy DE(f) = ½ ∫ ‖∇f‖² dx over the feature polytope, the convex hull of the data (Dherin et
/// al. 2021, eq. 4); ‖·‖ is the Frobenius norm for several outputs. For d = 1 exact from the kinks of a
/// piecewise-linear network (adaptive quadrature otherwise); for d = 2 and 3 by uniform sampling in the hull,
/// with its standard error.
/// </summary>
public sealed class IntegratedDirichletEnergy : Measure
{
    /// <inheritdoc/>
    public override string Id => "integrated-dirichlet-energy";

    /// <inheritdoc/>
    public override string Title => "Dirichlet energy over the feature polytope";

    /// <inheritdoc/>
    public override string Source => "Dherin et al. 2021, eq. 4";

    /// <inheritdoc/>
    public override string Definition => "½ ∫ ‖∇f‖² over the convex hull of the data";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Data | MeasureNeeds.FewInputs;

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
