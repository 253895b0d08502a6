using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// Σ_i ‖W_i‖_F² over the weights (Dherin et al. 2022, §4), without a factor ½. For an affine network it is the geometric
/// complexity. With plain gradient descent, a strength α on all parameters is a weight decay of 2α.
/// </summary>
/// <param name="Strength">α.</param>
/// <param name="AllParameters">Whether biases, and scales and shifts of normalizations, count too: the norm of the whole parameter
/// vector.</param>
public sealed record L2Regularizer(double Strength, bool AllParameters = false) : Regularizer("l2", Strength)
{
    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context) =>
        WeightTensors.Sum(context, (AllParameters
            ? context.Parameters.Values
            : WeightTensors.Of(context).Select(weight => weight.Value)).Select(weight => weight.Square().Sum()));
}
