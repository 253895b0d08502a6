using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using Occam.Torch;

namespace Occam.Measures.Features;

/// <summary>
/// The features of labelled examples by class, each class of the same weight: the means μ_c, their deviations M = [μ_c − μ_G] from the
/// mean of the means, and how the features vary within the classes.
/// </summary>
internal sealed record ClassFeatures
{
    // Of the largest eigenvalue: what is smaller is rounding.
    private const double Rounding = 1e-10;

    /// <summary>The class numbers that the data have, rising.</summary>
    public required ImmutableArray<int> Classes { get; init; }

    /// <summary>μ_c, features × classes.</summary>
    public required Matrix<double> Means { get; init; }

    /// <summary>M, features × classes.</summary>
    public required Matrix<double> Centered { get; init; }

    /// <summary>Var_c = 1/n_c Σ ‖φ(x) − μ_c‖², by class.</summary>
    public required ImmutableArray<double> Variances { get; init; }

    /// <summary>Mᵀ Σ_W M, classes × classes, Σ_W being the mean over the classes of their covariance matrices.</summary>
    public required Matrix<double> Within { get; init; }

    /// <summary>The share of examples that the network puts into another class than the nearest mean does; null where classes and outputs
    /// don't go together.</summary>
    public required double? NotNearest { get; init; }

    /// <summary>
    /// tr(Σ_W Σ_B⁺)/C, Σ_B = M Mᵀ/C: with M of the eigenvalues of the small matrix Mᵀ M alone, since Σ_B⁺ = C M (Mᵀ M)⁺² Mᵀ.
    /// </summary>
    public double Collapse
    {
        get
        {
            var eigen = Centered.TransposeThisAndMultiply(Centered).Evd(Symmetricity.Symmetric);
            var least = Rounding * eigen.EigenValues.Real().Maximum();
            var projected = eigen.EigenVectors.TransposeThisAndMultiply(Within * eigen.EigenVectors).Diagonal();
            return eigen.EigenValues.Real().Zip(projected, (value, form) => value > least ? form / (value * value) : 0).Sum();
        }
    }

    /// <summary>
    /// The features of what the context measures by class, computed once a run in two passes; otherwise why there are none.
    /// </summary>
    public static ClassFeatures? Of(MeasureContext context, out string? why)
    {
        if (PenultimateFeatures.Of(context, out why) is not { } features)
        {
            return null;
        }

        var labels = context.Data!.Labels;
        why = labels is null ? "needs one label an example, and the data have one a position"
            : labels.Distinct().Count() < 2 ? "needs two classes or more, and the data have one"
            : null;
        if (why is not null)
        {
            return null;
        }

        var found = context.Shared(() => Compute(context, features, labels!));
        why = found.IsFinite ? null : "has features so large that their squares are no numbers of double precision";
        return found.IsFinite ? found : null;
    }

    private bool IsFinite => Within.Enumerate().Concat(Centered.Enumerate()).Concat(Variances).All(double.IsFinite)
        && double.IsFinite(Centered.FrobeniusNorm());

    private static ClassFeatures Compute(MeasureContext context, PenultimateFeatures features, int[] labels)
    {
        using var grad = Libtorch.NoGrad();
        int[] classes = [.. labels.Distinct().Order()];
        var place = classes.Index().ToDictionary(each => each.Item, each => each.Index);
        var counts = new double[classes.Length];
        var means = Matrix<double>.Build.Dense(features.Count, classes.Length);
        foreach (var batch in context.Batches(0.5))
        {
            foreach (var (row, c) in Rows(context, features, batch, labels, place))
            {
                counts[c]++;
                means.SetColumn(c, means.Column(c) + row);
            }
        }

        means = Matrix<double>.Build.DenseOfColumnVectors(means.EnumerateColumns().Select((sum, c) => sum / counts[c]));
        var center = means.RowSums() / classes.Length;
        var centered = Matrix<double>.Build.DenseOfColumnVectors(means.EnumerateColumns().Select(mean => mean - center));
        var compared = context.Outputs >= 2 && classes[^1] < context.Outputs;
        var (variances, within, notNearest) = (new double[classes.Length], Matrix<double>.Build.Dense(classes.Length, classes.Length), 0);
        foreach (var batch in context.Batches(0.5, 0.5))
        {
            var chosen = compared ? batch.Function.Forward(batch.Inputs).ArgMax(1).ToArray<long>() : [];
            foreach (var (i, (row, c)) in Rows(context, features, batch, labels, place).Index())
            {
                var deviation = row - means.Column(c);
                variances[c] += deviation.DotProduct(deviation) / counts[c];
                var across = centered.TransposeThisAndMultiply(deviation);
                within += across.OuterProduct(across) / (counts[c] * classes.Length);
                notNearest += compared && classes[Nearest(means, row)] != chosen[i] ? 1 : 0;
            }
        }

        return new ClassFeatures
        {
            Classes = [.. classes],
            Means = means,
            Centered = centered,
            Variances = [.. variances],
            Within = within,
            NotNearest = compared ? (double)notNearest / labels.Length : null,
        };
    }

    private static IEnumerable<(Vector<double> Row, int Class)> Rows(
        MeasureContext context, PenultimateFeatures features, ExampleBatch batch, int[] labels, Dictionary<int, int> place)
    {
        var numbers = features.Run(context, batch).ToArray<double>();
        for (var i = 0; i < batch.Count; i++)
        {
            yield return (
                Vector<double>.Build.Dense(numbers[(i * features.Count)..((i + 1) * features.Count)]), place[labels[batch.Indices[i]]]);
        }
    }

    private static int Nearest(Matrix<double> means, Vector<double> row) =>
        Enumerable.Range(0, means.ColumnCount).MinBy(c => (means.Column(c) - row).L2Norm());
}
