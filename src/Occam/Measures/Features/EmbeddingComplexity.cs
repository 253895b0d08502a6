using Occam.Measures.Slope;

namespace Occam.Measures.Features;

/// <summary>
/// The geometric complexity of the embedding, 1/|D| Σ ‖∂φ/∂x‖_F² with φ the features before the last dense layer (Munn, Dherin and
/// Gonzalvo 2024, "The impact of geometric complexity on neural collapse in transfer learning"). As <c>geometric-complexity</c> otherwise:
/// exact, or estimated where asked or where there are many features.
/// <para>
/// With labels, the detail <c>varianceOverComplexity</c> has the mean over the examples of ‖φ(x) − μ_c‖², within their classes, over the
/// complexity. It is what ties both together: where each class's distribution has a Poincaré constant of c, so that Var g ≤ c E‖∇g‖² of
/// any smooth g, it is at most c in expectation.
/// </para>
/// </summary>
public sealed record EmbeddingComplexity() : Measure(
    "embedding-complexity", "Geometric complexity of the embedding", "Munn, Dherin and Gonzalvo 2024",
    "$1/|D| Σ_{x∈D} ‖J_φ(x)‖_F²$, $J_φ$ the Jacobian of the features $φ$ before the last dense layer",
    MeasureNeeds.Data | MeasureNeeds.Derivative | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning => "How much the features before the last layer move with the input.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (PenultimateFeatures.Of(context, out var why) is not { } features)
        {
            return Blank with { NotApplicable = why };
        }

        var norms = GeometricComplexity.SquaredNorms(PenultimateFeatures.Inner(context));
        return Blank.WithMean(norms) with
        {
            Details =
            [
                .. context.Data!.Labels is not null && ClassFeatures.Of(context, out _) is { } found && norms.Mean.Value > 0
                    ? [new KeyValuePair<string, double>("varianceOverComplexity", Within(context, found) / norms.Mean.Value)]
                    : Array.Empty<KeyValuePair<string, double>>(),
                new("features", features.Count),
            ],
            Notes = [$"features before '{features.Node}'", .. norms.Notes],
        };
    }

    // The mean over the examples, each class by its size.
    private static double Within(MeasureContext context, ClassFeatures found)
    {
        var sizes = context.Data!.Labels!.CountBy(label => label).ToDictionary();
        return found.Classes.Zip(found.Variances, (label, variance) => sizes[label] * variance).Sum() / context.Data.Count;
    }
}
