using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// One multiplier a layer in closed form, from the input on (Xu and Sivaranjani 2024, "ECLipsE-Fast"; there for slopes between 0
/// and β): with ρ = 1 the Schur complements are M_0 = I and M_i = λ_i I − m² λ_i² W (M_{i−1} + α β λ_i Wᵀ W)⁻¹ Wᵀ, m = ½(α + β),
/// and λ_i is what makes the least eigenvalue of M_i largest. With κ = λ_max(W M_{i−1}⁻¹ Wᵀ) that is λ_i = 1/(2 m² κ) where αβ = 0, and
/// else (1 + αβ κ λ_i)² = c/(c − 1), c = m²/(αβ). The squared bound is λ_max(W_L M_L⁻¹ W_Lᵀ).
/// </summary>
internal static class EclipseFast
{
    // Where α = −β, the largest eigenvalue would make M_{i−1} + α β λ Wᵀ W singular.
    private const double LeastPivot = 1e-6;

    // Products of slopes below this part of m² are 0 but for rounding.
    private const double NoProduct = 1e-12;

    /// <summary>The multipliers of a scaled chain, before any proof; null where roundings make a pivot negative.</summary>
    public static Multipliers? Of(ScaledChain chain, CancellationToken cancellation)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var sizes = chain.Sizes;
        var M = Tensor.Eye(sizes[0], ScalarType.Float64);
        List<double> units = [];
        for (var i = 0; i < chain.Slopes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var W = chain.Weights[i];
            var (middle, product) = ((chain.Slopes[i].Low + chain.Slopes[i].High) / 2, chain.Slopes[i].Low * chain.Slopes[i].High);
            if (Through(M, W) is not { } before)
            {
                return null;
            }

            var lambda = Best(Largest(before), middle, product);
            var isFree = Math.Abs(product) <= NoProduct * middle * middle;
            if ((isFree ? before : Through(M + (W.T().MatMul(W) * (product * lambda)), W)) is not { } through)
            {
                return null;
            }

            M = (Tensor.Eye(W.Size(0), ScalarType.Float64) * lambda) - (through * (middle * middle * lambda * lambda));
            units.AddRange(Enumerable.Repeat(lambda, (int)W.Size(0)));
        }

        if (Through(M, chain.Weights[^1]) is not { } last)
        {
            return null;
        }

        var squared = Largest(last);
        return new Multipliers(squared, [.. units.Select(unit => unit * squared)]);
    }

    private static double Best(double kappa, double middle, double product)
    {
        if (Math.Abs(product) <= NoProduct * middle * middle)
        {
            return 1 / (2 * middle * middle * kappa);
        }

        var c = middle * middle / product;
        return (Math.Max(Math.Sqrt(c / (c - 1)), LeastPivot) - 1) / (product * kappa);
    }

    // W M⁻¹ Wᵀ; null where M isn't positive definite.
    private static Tensor? Through(Tensor M, Tensor W) =>
        M.CholeskyIfPositive() is { } factor ? W.MatMul(factor.CholeskySolve(W.T())) : null;

    private static double Largest(Tensor matrix)
    {
        // Its halves differ by rounding.
        var eigenvalues = ((matrix + matrix.T()) / 2).EigenvaluesSymmetric();
        return eigenvalues.Select(0, eigenvalues.Size(0) - 1).Item();
    }
}
