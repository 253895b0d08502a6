using Occam.Measures.Weights;
using Occam.Networks;

namespace Occam.Measures.Slope;

/// <summary>
/// An upper bound of the logits' global Lipschitz constant in ℓ2: the product of the layers' operator norms
/// (Loukas et al. 2021, §3.2; Dherin et al. 2022, eq. 3; Neyshabur et al. 2017, §2.3), composed along the graph as each operator says:
/// branches that are added add their bounds, branches that are joined add their squares, an activation multiplies by
/// its steepest slope, a max-pooling by the square root of the most windows that one input lies in.
/// <para>
/// A product of two values that both depend on the input, such as a gate or attention, has a bound where both are bounded: by a
/// normalization, a softmax or a saturating activation before them, and layers and sums of those. Then L(ab) ≤ sup|a| L(b) + sup|b| L(a).
/// </para>
/// <para>
/// Convolutions count with the true operator norm at their input size, stride and padding, not the norm of the
/// reshaped matrix, which bounds nothing. Norms without a formula come from Lanczos iteration with the residual
/// added, and 10⁻⁵ of the bound for rounding where that was in float32. Batch normalization is folded first. Never below
/// <c>lipschitz-lower</c>, to rounding.
/// </para>
/// </summary>
public sealed record LipschitzUpper() : Measure(
    "lipschitz-upper", "Lipschitz constant, upper bound", "Loukas et al. 2021, §3.2; Dherin et al. 2022, eq. 3",
    "$∏_i ‖L_i‖_2$, the layers’ operator norms along the graph", MeasureNeeds.Data | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How steep the network can be at most, from the norms of its layers: proven, and often far too large.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var bound = LipschitzBound.Of(context);
        return bound.Unbounded is { } node
            ? Blank with
            {
                NotApplicable = $"no finite bound passes through {node}: {bound.Why}",
                Layers = bound.Layers,
                Skipped = [new SkippedNode(node, bound.Why)],
            }
            : Blank with
            {
                Quantity = bound.Quantity,
                Details = bound.Value > 0 ? [new("log10", Math.Log10(bound.Value))] : [],
                Layers = bound.Layers,
                Notes = ["by layer: the bound of that layer’s output as a function of the network’s input", .. bound.Notes],
            };
    }
}
