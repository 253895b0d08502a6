using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// What was measured of a network at a step of its training, on fixed training points; the terms of eq. 6 as means over fixed batches.
/// </summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Amplifications">The mean over the points of A_i = σ_max(W_i) σ_max(h_i′), layer by layer (Dherin et al. 2021, eq.
/// 8).</param>
/// <param name="Transfer">The mean of Σ T_i² (Dherin et al. 2022, eq. 10).</param>
/// <param name="ParameterGradient">The mean of ‖∇_θ f‖_F².</param>
/// <param name="Complexity">The mean of ‖∇_x f‖_F², the geometric complexity.</param>
/// <param name="GradientNorms">1/B² Σ (ε_x^i)² ‖∇_θ f^i(x)‖² (Dherin et al. 2022, eq. 6).</param>
/// <param name="LabelAlignment">A_B (eq. 8).</param>
/// <param name="BatchAlignment">C_B (eq. 7).</param>
internal sealed record TransferPoint(
    long Step, ImmutableArray<double> Amplifications, double Transfer, double ParameterGradient, double Complexity, double GradientNorms,
    double LabelAlignment, double BatchAlignment)
{
    /// <summary>A_B as a share of the gradient norms.</summary>
    public double LabelShare => LabelAlignment / GradientNorms;

    /// <summary>C_B as a share of the gradient norms.</summary>
    public double BatchShare => BatchAlignment / GradientNorms;
}
