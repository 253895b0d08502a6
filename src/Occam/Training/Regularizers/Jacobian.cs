using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// Jacobian regularization, ½ · 1/B Σ_x ‖∇_x f(x)‖_F² (Hoffman et al. 2020, eq. 7, by random unit cotangents): half of
/// what <c>geometric-complexity</c> adds, and otherwise the same.
/// </summary>
/// <param name="Strength">λ_JR.</param>
/// <param name="Cotangents">The random cotangents, n_proj; 0 for exact.</param>
/// <param name="RunningStatistics">Whether f is the network in evaluation mode, which costs another forward pass.</param>
public sealed record Jacobian(double Strength, int Cotangents = 1, bool RunningStatistics = false) : Regularizer("jacobian", Strength)
{
    /// <inheritdoc/>
    public override bool IsRandom => Cotangents > 0;

    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context) =>
        InputGradients.SquaredNorms(context, Cotangents, null, RunningStatistics).Mean() * 0.5;

    internal override string? Problem() => base.Problem() ?? InputGradients.Problem(Id, Cotangents);
}
