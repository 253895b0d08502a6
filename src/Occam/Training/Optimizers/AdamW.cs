using Occam.Torch;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Training.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): θ ← θ − αλθ before Adam's step.</summary>
/// <param name="LearningRate">α.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ.</param>
public sealed record AdamW(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01)
    : Optimizer("adamw", LearningRate)
{
    /// <inheritdoc/>
    public override int Slots => 2;

    /// <summary>
    /// (2 − hλ)(1 + β₁)/((1 − β₁)h): with the decay by its factor 1 − hλ, the step's matrix has the eigenvalue −1 there. Adam's threshold
    /// (Cohen et al. 2022) where λ is 0.
    /// </summary>
    /// <inheritdoc/>
    public override double StableSharpness(double rate) => Moments.StableSharpness(rate, Beta1, 1 - (rate * WeightDecay));

    internal override bool IsSquare(int slot) => slot == 1;

    internal override Tensor? Preconditioner(ReadOnlySpan<Tensor> slots, long step) =>
        Moments.Preconditioner(slots[1], step, Beta1, Beta2, Epsilon);

    internal override void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, double rate, long step)
    {
        parameter.MultiplyInPlace(1 - (rate * WeightDecay));
        Moments.Step(parameter, gradient, slots, rate, step, Beta1, Beta2, Epsilon);
    }

    internal override void Update(Span<float> parameter, Span<float> gradient, Span<float> slots, double rate, long step)
    {
        Multiply(parameter, (float)(1 - (rate * WeightDecay)), parameter);
        Moments.Step(parameter, gradient, slots, rate, step, Beta1, Beta2, Epsilon);
    }

    internal override string? Problem() => base.Problem() ?? Moments.Problem(Beta1, Beta2, Epsilon, WeightDecay);
}
