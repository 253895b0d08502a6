using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// How many singular values of the layers' matrices are larger than chance makes them: squared, above μ s² + 2.0234 σ s², where N and M are
/// the sides, μ = (√(N − 1) + √M)² is the upper edge of the spectrum of independent numbers of variance 1 (Marchenko and Pastur
/// 1967), σ = (√(N − 1) + √M)(1/√(N − 1) + 1/√M)^(1/3), and 2.0234 the 99th percentile of the Tracy–Widom law of the largest one
/// (Johnstone 2001, Theorem 1.1). s² is the mean square of the numbers without the outliers' part, found by repetition. So a matrix
/// of independent normal numbers has an outlier once in a hundred. Each stored tensor once; convolutions by reshaped matrices.
/// </summary>
public sealed record OutlierEigenvalues() : WeightMeasure(
    "outlier-eigenvalues", "Singular values beyond chance", "Marchenko and Pastur 1967; Johnstone 2001, Th. 1.1",
    "$|S|$, $S$ the $σ²$ above the Marchenko–Pastur edge by more than the 99th percentile of Tracy and Widom, over all layers")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "In how many directions the weights are stronger than chance would have it: a sign of what was learned.";

    /// <summary>The 99th percentile of the Tracy–Widom law of order 1.</summary>
    private const double Percentile99 = 2.0234;

    private protected override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var spectra = WeightSpectrum.Of(context);
        ImmutableArray<LayerValue> counts = [.. spectra.Select(spectrum => new LayerValue(spectrum.Layer.Name, Outliers(spectrum)))];
        return Blank with
        {
            Value = counts.Sum(count => count.Value),
            Details = [new("singularValues", spectra.Sum(spectrum => spectrum.Eigenvalues.Length)), new("layers", counts.Length)],
            Layers = counts,
            Notes = ["by layer: singular values that independent numbers of the same variance would hardly have"],
        };
    }

    /// <summary>The eigenvalue above which chance puts the largest one in one of a hundred matrices.</summary>
    /// <param name="smaller">The matrix's smaller side.</param>
    /// <param name="larger">Its larger side.</param>
    /// <param name="variance">s².</param>
    internal static double Edge(long smaller, long larger, double variance)
    {
        var (n, m) = (Math.Sqrt(Math.Max(0.5, larger - 1)), Math.Sqrt(smaller));
        return variance * (((n + m) * (n + m)) + (Percentile99 * (n + m) * Math.Cbrt((1 / n) + (1 / m))));
    }

    private static int Outliers(WeightSpectrum spectrum)
    {
        var (values, larger) = (spectrum.Eigenvalues, spectrum.Larger);
        for (var outliers = 0; ;)
        {
            // What is left is a matrix of fewer rows and columns.
            var left = values.Length - outliers;
            var variance = left == 0 ? 0 : values.Skip(outliers).Sum() / ((double)left * (larger - outliers));
            var edge = Edge(values.Length, larger, variance);
            var above = values.TakeWhile(value => value > edge).Count();
            if (above <= outliers)
            {
                return outliers;
            }

            outliers = above;
        }
    }
}
