using Occam.Measures.Features;
using Occam.Measures.Weights;
using Occam.Networks;

namespace Occam.Theory.Munn2024;

/// <summary>
/// Neural collapse under the geometric complexity of the embedding (Munn, Dherin and Gonzalvo 2024, as their abstract says it): where the
/// inputs of class i have a Poincaré constant c_i, Var g ≤ c_i E‖∇g‖² of all smooth g, the features' variance in the class is at
/// most c_i times their complexity there, and so the class-distance normalized variance of Galanti, György and Hutter 2022 at most the mean
/// over pairs of classes of (c_i GC_i + c_j GC_j)/(2‖μ_i − μ_j‖²). Derived here; the form and the constants of the paper were not compared.
/// <para>
/// No sample tells c_i. Its least value, the largest eigenvalue of the class's covariance, which linear g need and Gaussian classes have,
/// is taken: so the line is unproved. Of an affine embedding it is proved, of the examples themselves, and equal where the embedding
/// goes along the eigenvector. Beside it, proved for every embedding: the same with the square of a Lipschitz constant of the embedding for
/// its complexity, and the variance of the inputs for the constant, which needs no such inequality.
/// </para>
/// </summary>
public sealed class Munn2024Collapse() : Theorem(
    "munn-collapse",
    "Neural collapse under geometric complexity",
    "Munn, Dherin and Gonzalvo 2024, abstract",
    "E_{i≠j} (v_i + v_j)/(2‖μ_i − μ_j‖²) ≤ E_{i≠j} (c_i GC_i + c_j GC_j)/(2‖μ_i − μ_j‖²), c_i a Poincaré constant of class i",
    TheoremNeeds.Derivative)
{
    private const string ByComplexity = "collapse ≤ c · GC over class distances, c of Gaussian classes";
    private const string ByLipschitz = "collapse ≤ L² · variance of the inputs over class distances";

    // What the eigenvalues may be off by.
    private const double Tolerance = 1e-6;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var measures = context.Measures;
        if (context.Data.Labels is not { } labels)
        {
            return Blank with { NotApplicable = "needs class labels" };
        }

        if (ClassComplexity.Of(measures, out var why) is not { } found)
        {
            return Blank with { NotApplicable = why };
        }

        var place = found.Features.Classes.Index().ToDictionary(each => each.Item, each => each.Index);
        var spread = InputSpread.Of(measures, Array.ConvertAll(labels, label => place[label]), place.Count);
        var inner = PenultimateFeatures.Inner(measures);
        var isAffine = inner.Subject.Folded is { } embedding
            && embedding.ActiveNodes.All(node => embedding.LinearityOf(node) is Linearity.Structural or Linearity.Affine);
        return Blank with
        {
            Inequalities = [Complexity(found, spread, isAffine), Lipschitz(found, spread, LipschitzBound.Of(inner))],
            Hypotheses =
            [
                new(
                    "each class has a Poincaré constant of λ_max(Σ)", isAffine ? true : null,
                    isAffine ? "an affine embedding needs no more" : "not decided by examples: it is at least that"),
            ],
            Details =
            [
                new("collapse", found.Collapse), new("collapseComplexity", found.Bound), new("poincare.implied", found.Implied),
                .. spread.Largest is { } largest ? [new("poincare.covariance", largest.Max())] : (KeyValuePair<string, double>[])[],
            ],
            Notes = [.. found.Norms.Notes],
        };
    }

    private static Inequality Complexity(ClassComplexity found, InputSpread spread, bool isAffine)
    {
        if (spread.Largest is not { } largest)
        {
            return Inequality.NotApplicable(ByComplexity, "the inputs have too many numbers for their covariance");
        }

        var right = found.OverPairs(largest.Zip(found.Complexities, (c, complexity) => c * complexity));
        var compared = Inequality.AtMost(ByComplexity, found.Collapse, right, Tolerance);
        return isAffine ? compared : compared.AsSuggested();
    }

    private static Inequality Lipschitz(ClassComplexity found, InputSpread spread, LipschitzBound bound) =>
        bound.Unbounded is { } node
            ? Inequality.NotApplicable(ByLipschitz, $"no finite Lipschitz bound of the embedding passes through {node}")
            : Inequality.AtMost(
                ByLipschitz, found.Collapse, bound.Value * bound.Value * found.OverPairs(spread.Variances), Tolerance);
}
