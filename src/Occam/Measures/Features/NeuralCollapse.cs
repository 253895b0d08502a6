using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace Occam.Measures.Features;

/// <summary>
/// How far the features before the last dense layer have collapsed to their classes' means: tr(Σ_W Σ_B⁺)/C, the first of the four
/// quantities of neural collapse (Papyan, Han and Donoho 2020); the others are among the details. All are 0 at collapse.
/// <para>
/// Σ_W is the covariance within the classes, Σ_B that of their means, each class of the same weight, as in their balanced data. C is the
/// number of classes that the data have. Features as the last layer takes them, evaluation mode, batch normalization folded; float64 from
/// there on. Exact.
/// </para>
/// </summary>
public sealed record NeuralCollapse() : Measure(
    "neural-collapse", "Neural collapse, NC1", "Papyan, Han and Donoho 2020",
    "$tr(S_W S_B⁺)/C$, covariances within and between the $C$ classes before the last dense layer; NC2 to NC4 in the details",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How widely the features scatter within a class, compared with between the classes: it goes to 0 where training "
            + "goes on long after the last error.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (ClassFeatures.Of(context, out var why) is not { } found)
        {
            return Blank with { NotApplicable = why };
        }

        var features = PenultimateFeatures.Of(context, out _)!;
        var norms = found.Centered.ColumnNorms(2);
        if (norms.Any(norm => norm == 0))
        {
            return Blank with { NotApplicable = "has a class whose mean is that of all: the angles between the means aren't defined" };
        }

        double[] cosines =
        [
            .. from a in Enumerable.Range(0, norms.Count)
               from b in Enumerable.Range(0, a)
               select found.Centered.Column(a).DotProduct(found.Centered.Column(b)) / (norms[a] * norms[b]),
        ];
        var opposite = 1.0 / (norms.Count - 1);
        return Blank with
        {
            Value = found.Collapse,
            Details =
            [
                new("nc2.lengths", norms.PopulationStandardDeviation() / norms.Average()),
                new("nc2.angles", cosines.PopulationStandardDeviation()),
                new("nc2.simplex", cosines.Average(cosine => Math.Abs(cosine + opposite))),
                .. Duality(found, features) is { } duality ? [new KeyValuePair<string, double>("nc3", duality)] : NoDetails,
                .. found.NotNearest is { } share ? [new KeyValuePair<string, double>("nc4", share)] : NoDetails,
                new("classes", norms.Count), new("features", features.Count),
            ],
            Notes = [$"features before '{features.Node}'"],
        };
    }

    private static KeyValuePair<string, double>[] NoDetails => [];

    // ‖Wᵀ/‖W‖_F − M/‖M‖_F‖_F², W's rows being of the same classes as M's columns.
    private static double? Duality(ClassFeatures found, PenultimateFeatures features)
    {
        if (features.Weight.Size(0) != found.Classes.Length)
        {
            return null;
        }

        var W = Matrix<double>.Build.DenseOfColumnMajor(
            features.Count, found.Classes.Length, features.Weight.ToArray<double>());
        return W.FrobeniusNorm() == 0 ? null
            : Math.Pow(((W / W.FrobeniusNorm()) - (found.Centered / found.Centered.FrobeniusNorm())).FrobeniusNorm(), 2);
    }
}
