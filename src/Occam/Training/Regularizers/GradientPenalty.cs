using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// 1/B Σ_x (‖∇_x f(x)‖_F − K)² (Dherin et al. 2022, §4; Gulrajani et al. 2017, eq. 3, with K = 1), exact. Where the gradient is
/// zero its norm has no derivative, and there it pulls nowhere.
/// </summary>
/// <param name="Strength">The factor.</param>
/// <param name="K">The norm that is asked for.</param>
/// <param name="RunningStatistics">Whether f is the network in evaluation mode, which costs another forward pass.</param>
public sealed record GradientPenalty(double Strength, double K = 1, bool RunningStatistics = false)
    : Regularizer("gradient-penalty", Strength)
{
    // Of squared norms, far below any that a sum of squares of float32 can tell from zero.
    private const double Zero = 1e-36;

    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context) =>
        (InputGradients.SquaredNorms(context, 0, null, RunningStatistics).Clamp(Zero, null).Sqrt() - K).Square().Mean();

    internal override string? Problem() =>
        base.Problem() ?? (K is >= 0 and < double.PositiveInfinity
            ? null
            : $"'{Id}' can't ask for gradients of norm {K}: give 0 or a positive number");
}
