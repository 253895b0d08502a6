using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>
/// The probabilities that follow the logits: the softmax, or the sigmoid for one output or where the network
/// ended in one.
/// </summary>
internal static class Probabilities
{
    private const long MostOutputs = 256;

    /// <summary>Whether the k × k Jacobians of the probabilities by the logits are small beside the work that is done anyway, and the
    /// outputs are one example's classes (not those of several positions).</summary>
    public static bool AreFew(MeasureContext context) => context.Outputs <= MostOutputs && !context.HasPositions;

    /// <summary>
    /// The Jacobian S of the probabilities by the logits at each example (batch × k × k): diag(p) − p pᵀ, or diag(p (1 − p)) for sigmoids.
    /// </summary>
    public static Tensor Jacobian(MeasureContext context, ExampleBatch batch)
    {
        using var grad = Libtorch.NoGrad();
        return Jacobian(context, batch.Function.Forward(batch.Inputs));
    }

    /// <inheritdoc cref="Jacobian(MeasureContext, ExampleBatch)"/>
    public static Tensor Jacobian(MeasureContext context, Tensor outputs)
    {
        using var grad = Libtorch.NoGrad();
        var logits = outputs.To(ScalarType.Float64);
        var identity = Tensor.Eye(context.Outputs, ScalarType.Float64, logits.Device);
        if (context.Outputs == 1 || context.Subject.FinalActivation == FinalActivation.Sigmoid)
        {
            var s = logits.Sigmoid();
            return (s - s.Square()).Unsqueeze(2) * identity;
        }

        var p = logits.Softmax(1);
        return (p.Unsqueeze(2) * identity) - p.Unsqueeze(2).BatchMatMul(p.Unsqueeze(1));
    }

    /// <summary>1/|D| Σ ‖S J‖_F²: the geometric complexity of the probabilities as functions of the input.</summary>
    public static double GeometricComplexity(MeasureContext context) => ExactJacobians.WithStretches(context).ProbabilityNorms!.Average();
}
