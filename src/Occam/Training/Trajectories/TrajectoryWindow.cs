using System.Collections.Immutable;

namespace Occam.Training.Trajectories;

/// <summary>
/// The trajectory over the steps T from <paramref name="From"/> to before <paramref name="To"/> (Loukas et al. 2021,
/// §4). Sums and means are over T; the sides of the bounds are NaN where they aren't defined.
/// </summary>
/// <param name="From">The first step, from 0.</param>
/// <param name="To">The step after the last.</param>
/// <param name="Lengths">Σ ‖b_l(t+1) − b_l(t)‖/(α_t ε_t) for every bias: the normalized trajectory length (Theorem 1).</param>
/// <param name="Longest">The largest normalized step of b_1: φ of Definition 1 on T.</param>
/// <param name="Lower">Σ λ_t/σ_1: the left side of Theorem 1.</param>
/// <param name="Upper">Σ λ_t/σ_n: the right side of Theorem 1; infinite where W_1ᵀ maps some vector to 0.</param>
/// <param name="MeanBias">The mean of b_1.</param>
/// <param name="Variance">The mean of ‖b_1 − mean b_1‖² (Corollary 2, left side).</param>
/// <param name="Drift">The mean of α_t λ_t/(2σ_1), which times ε_harm and squared is Corollary 2's right side.</param>
/// <param name="HarmonicEpsilon">ε_harm: the root of the harmonic mean of ε².</param>
/// <param name="Distance">‖b_1 − b_1(0)‖ at the end of T (Corollary 3, left side).</param>
/// <param name="DistanceBound">Σ α_t ε_t λ_t/σ_n over T, to be summed from the beginning (Corollary 3, right side).</param>
/// <param name="Disagreement">The largest relative difference between the closed form ‖∂f/∂b_1‖ and the difference quotient of the stored
/// b_1, among steps where the latter has digits.</param>
/// <param name="LargestLipschitz">The largest λ_t.</param>
/// <param name="MeanLipschitz">The mean of λ_t.</param>
public sealed record TrajectoryWindow(
    long From,
    long To,
    ImmutableArray<double> Lengths,
    double Longest,
    double Lower,
    double Upper,
    ImmutableArray<double> MeanBias,
    double Variance,
    double Drift,
    double HarmonicEpsilon,
    double Distance,
    double DistanceBound,
    double Disagreement,
    double LargestLipschitz,
    double MeanLipschitz)
{
    /// <summary>The largest <see cref="Disagreement"/> that comes of storing b_1 in single precision.</summary>
    public const double StoredPrecision = 1e-3;
}
