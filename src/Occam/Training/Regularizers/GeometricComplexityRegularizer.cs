using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// The geometric complexity on the batch, 1/B Σ_x ‖∇_x f(x)‖_F² (Dherin et al. 2022, §4 and Definition 2.1). It is what
/// Jacobian regularization penalizes, there with a factor ½: see <see cref="Jacobian"/>.
/// <para>
/// Exact: k recorded reverse passes. By m random unit cotangents v an example: k/m Σ ‖vᵀJ‖², unbiased.
/// </para>
/// <para>
/// f is the network as the step runs it. With batch normalization in training mode the batch's statistics couple the
/// examples, and ∇_x then sees what an example does to the outputs of all: with random cotangents the estimate is that of
/// Σ_{x,x′} ‖∂f(x′)/∂x‖_F²/B, the exact form adds the outputs of the batch before it differentiates. With running
/// statistics the examples are apart, and it is the measure <c>geometric-complexity</c>.
/// </para>
/// </summary>
/// <param name="Strength">α.</param>
/// <param name="Cotangents">m, the random cotangents; 0 for exact.</param>
/// <param name="Node">The name of an inner node, whose output is meant in place of the logits.</param>
/// <param name="RunningStatistics">Whether f is the network in evaluation mode, which costs another forward pass.</param>
public sealed record GeometricComplexityRegularizer(
    double Strength, int Cotangents = 0, string? Node = null, bool RunningStatistics = false)
    : Regularizer("geometric-complexity", Strength)
{
    /// <inheritdoc/>
    public override bool IsRandom => Cotangents > 0;

    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context) =>
        InputGradients.SquaredNorms(context, Cotangents, Node, RunningStatistics).Mean();

    internal override string? Problem() => base.Problem() ?? InputGradients.Problem(Id, Cotangents);
}
