namespace Occam.Measures.Features;

/// <summary>
/// The geometric complexity of the embedding within classes, over the distances between their means: the mean over pairs of classes of
/// (GC_i + GC_j)/(2‖μ_i − μ_j‖²), GC_c the mean of ‖∂φ/∂x‖_F² over the examples of a class, φ the features before the last dense layer.
/// <para>
/// Where the inputs of each class have a Poincaré constant of c, Var g ≤ c E‖∇g‖² for all smooth g, it is at least the class-distance
/// normalized variance over c, in expectation: so low complexity brings neural collapse, which Munn, Dherin and Gonzalvo 2024 say in their
/// abstract. The inequality here is that of this sentence; the form and the constants of theirs were not compared. c isn't known of data.
/// It is at least the largest eigenvalue of a class's covariance (<c>poincare.covariance</c>), as linear g show, and is that of Gaussian
/// classes; and at least the features' own variance over complexity (<c>poincare.implied</c>).
/// </para>
/// <para>
/// Exact or estimated as <c>geometric-complexity</c>; of an estimate the standard error is what it can be at most, the classes' weights
/// being different. Evaluation mode, batch normalization folded.
/// </para>
/// </summary>
public sealed record CollapseComplexity() : Measure(
    "collapse-complexity", "Geometric complexity over class distances", "Munn, Dherin and Gonzalvo 2024, abstract",
    "$E_{i≠j} (G_i + G_j)/(2‖μ_i − μ_j‖²)$, $G_i$ the mean of $‖J_φ(x)‖_F²$ over class $i$, $μ_i$ the mean of its features $φ$",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Derivative | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How steep the features are, compared with how far the classes’ means are apart: a bound on how far the classes "
            + "have collapsed.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (ClassComplexity.Of(context, out var why) is not { } found)
        {
            return Blank with { NotApplicable = why };
        }

        var labels = context.Data!.Labels!;
        var place = found.Features.Classes.Index().ToDictionary(each => each.Item, each => each.Index);
        var spread = InputSpread.Of(context, Array.ConvertAll(labels, label => place[label]), place.Count);
        return Blank with
        {
            Quantity = (found.Norms.Mean * found.MostWeight) with { Value = found.Bound },
            Details =
            [
                new("collapse", found.Collapse),
                .. double.IsFinite(found.Implied) ? [new("poincare.implied", found.Implied)] : (KeyValuePair<string, double>[])[],
                .. spread.Largest is { } largest
                    ? [
                        new("poincare.covariance", largest.Max()),
                        new("collapse.gaussian", found.OverPairs(largest.Zip(found.Complexities, (c, complexity) => c * complexity))),
                    ]
                    : (KeyValuePair<string, double>[])[],
                new("classes", place.Count),
            ],
            Notes =
            [
                $"features before '{PenultimateFeatures.Of(context, out _)!.Node}'",
                "collapse: the class-distance normalized variance, which is at most a Poincaré constant of the classes times the value; "
                    + "that constant isn't known, and at least the two that are told"
                    + (spread.Largest is null ? " (of the inputs' covariance none: they have too many numbers)" : ""),
                .. found.Norms.Notes,
            ],
        };
    }
}
