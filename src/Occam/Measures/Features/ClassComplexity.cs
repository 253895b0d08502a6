using System.Collections.Immutable;

namespace Occam.Measures.Features;

/// <summary>
/// The geometric complexity of the embedding by class, and what of a quantity by class is the mean over pairs of classes of
/// (q_i + q_j)/(2‖μ_i − μ_j‖²), μ the means of the features: with the variances for q the class-distance normalized variance.
/// </summary>
/// <param name="Features">The features by class.</param>
/// <param name="Complexities">The mean of ‖∂φ/∂x‖_F² over the examples of each class.</param>
/// <param name="Norms">The same quantity of each example.</param>
/// <param name="Weights">What one of q adds to the mean over the pairs, by class.</param>
internal sealed record ClassComplexity(
    ClassFeatures Features, ImmutableArray<double> Complexities, SampledMean Norms, ImmutableArray<double> Weights)
{
    /// <summary>The class-distance normalized variance.</summary>
    public double Collapse => OverPairs(Features.Variances);

    /// <summary>The same with the complexities for the variances.</summary>
    public double Bound => OverPairs(Complexities);

    /// <summary>How much more than its share of the mean an example counts in <see cref="Bound"/>, at most.</summary>
    public required double MostWeight { get; init; }

    /// <summary>The largest variance of a class over its complexity: what a Poincaré constant of all classes isn't below.</summary>
    public double Implied => Features.Variances.Zip(Complexities, (v, c) => v == 0 ? 0 : v / c).Max();

    /// <summary>Of what the context measures, once a run; otherwise why there is none.</summary>
    public static ClassComplexity? Of(MeasureContext context, out string? why)
    {
        if (ClassFeatures.Of(context, out why) is not { } found)
        {
            return null;
        }

        var made = context.Shared(() => Compute(context, found));
        why = made.Weights.All(double.IsFinite) ? null : "divides by the distance between classes' means, and two of them have the same";
        return why is null ? made : null;
    }

    /// <summary>The mean over pairs of classes of (q_i + q_j)/(2‖μ_i − μ_j‖²).</summary>
    public double OverPairs(IEnumerable<double> byClass) => Weights.Zip(byClass, (weight, q) => q == 0 ? 0 : weight * q).Sum();

    private static ClassComplexity Compute(MeasureContext context, ClassFeatures found)
    {
        var norms = Slope.GeometricComplexity.SquaredNorms(PenultimateFeatures.Inner(context));
        var labels = context.Data!.Labels!;
        var own = found.Classes.Select(c => Enumerable.Range(0, labels.Length).Where(i => labels[i] == c).ToArray()).ToArray();
        var pairs = found.Classes.Length * (found.Classes.Length - 1) / 2.0;
        double[] weights =
        [
            .. Enumerable.Range(0, own.Length).Select(i => Enumerable.Range(0, own.Length).Where(j => j != i)
                .Sum(j => 1 / (2 * Math.Pow((found.Means.Column(i) - found.Means.Column(j)).L2Norm(), 2))) / pairs),
        ];
        return new ClassComplexity(
            found, [.. own.Select(examples => examples.Average(i => norms.PerExample[i]))], norms, [.. weights])
        {
            MostWeight = own.Zip(weights, (examples, weight) => weight * labels.Length / examples.Length).Max(),
        };
    }
}
