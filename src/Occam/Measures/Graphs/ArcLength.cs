namespace Occam.Measures.Graphs;

/// <summary>
/// The length of the graph of a function of one variable, ∫ √(1 + ‖f′(x)‖²) dx over the smallest interval that
/// holds the data (Dherin et al. 2021, §2). Exact for piecewise-linear networks, from their kinks; by adaptive
/// quadrature to 10⁻¹⁰ otherwise. In float64, in the units in which the network takes its input.
/// <para>
/// Beside it the length of the shortest curve through the data: the polyline through the targets, or, where the
/// data have none, through the network's own values at the data.
/// </para>
/// </summary>
public sealed record ArcLength() : Measure(
    "arc-length", "Arc length", "Dherin et al. 2021, §2",
    "$∫ √{1 + ‖f′(x)‖²} dx$ over the data’s interval, for one input",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Derivative | MeasureNeeds.OneInput)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How long the curve is that the network draws over the interval of the data: a straight line is the shortest.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (FunctionOnInterval.OfData(context) is not { } function)
        {
            return Blank with { NotApplicable = "the data all lie at one point" };
        }

        var length = function.Integrate(slopeSquared => Math.Sqrt(1 + slopeSquared));
        var (name, shortest) = function.ShortestPolyline(context);
        return Blank with
        {
            Quantity = length.Quantity,
            Details =
            [
                new(name, shortest), new("ratio", length.Value / shortest), new("pieces", length.Pieces), new("from", function.From),
                new("to", function.To),
            ],
            Notes = length.Notes,
        };
    }
}
