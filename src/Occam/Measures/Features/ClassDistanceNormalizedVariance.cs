namespace Occam.Measures.Features;

/// <summary>
/// The mean over pairs of classes of (Var_i + Var_j)/(2 ‖μ_i − μ_j‖²) of the features before the last dense layer (Galanti, György and
/// Hutter 2022), Var_c = 1/n_c Σ ‖φ(x) − μ_c‖²: small where a classifier by nearest means works, on the network's own classes
/// or on others. The labels may be of any classes: of new ones it says how ready the features are to be transferred. Evaluation
/// mode, batch normalization folded; float64 from the features on. Exact.
/// </summary>
public sealed record ClassDistanceNormalizedVariance() : Measure(
    "class-distance-normalized-variance", "Class-distance normalized variance", "Galanti, György and Hutter 2022",
    "$E_{i≠j} (v_i + v_j)/(2‖μ_i − μ_j‖²)$, $v_i$ and $μ_i$ variance and mean of class $i$, of the features before the last layer",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How widely the features of a class scatter, compared with how far the classes’ means are apart: small where the "
            + "classes are well separated.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (ClassFeatures.Of(context, out var why) is not { } found)
        {
            return Blank with { NotApplicable = why };
        }

        double[] pairs =
        [
            .. from i in Enumerable.Range(0, found.Classes.Length)
               from j in Enumerable.Range(0, i)
               select (found.Variances[i] + found.Variances[j])
                   / (2 * Math.Pow((found.Means.Column(i) - found.Means.Column(j)).L2Norm(), 2)),
        ];
        return pairs.All(double.IsFinite)
            ? Blank with
            {
                Value = pairs.Average(),
                Details =
                [
                    new("maximum", pairs.Max()), new("minimum", pairs.Min()), new("withinClasses", found.Variances.Average()),
                    new("classes", found.Classes.Length),
                ],
                Notes = [$"features before '{PenultimateFeatures.Of(context, out _)!.Node}'"],
            }
            : Blank with { NotApplicable = "divides by the distance between classes' means, and two of them have the same" };
    }
}
