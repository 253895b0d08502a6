using Occam.Torch;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, Algorithm 1), as in PyTorch: weight decay is added to the gradient, and ε to the root of
/// the corrected second moment.
/// </summary>
/// <param name="LearningRate">α.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ, added to the gradient.</param>
public sealed record Adam(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0)
    : Optimizer("adam", LearningRate)
{
    /// <inheritdoc/>
    public override int Slots => 2;

    /// <summary>(2 + 2β₁)/((1 − β₁)h) (Cohen et al. 2022).</summary>
    /// <inheritdoc/>
    public override double StableSharpness(double rate) => Moments.StableSharpness(rate, Beta1, 1);

    internal override double AddedCurvature => WeightDecay;

    internal override bool IsSquare(int slot) => slot == 1;

    internal override Tensor? Preconditioner(ReadOnlySpan<Tensor> slots, long step) =>
        Moments.Preconditioner(slots[1], step, Beta1, Beta2, Epsilon);

    internal override void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, double rate, long step)
    {
        if (WeightDecay != 0)
        {
            gradient.AddInPlace(parameter, WeightDecay);
        }

        Moments.Step(parameter, gradient, slots, rate, step, Beta1, Beta2, Epsilon);
    }

    internal override void Update(Span<float> parameter, Span<float> gradient, Span<float> slots, double rate, long step)
    {
        if (WeightDecay != 0)
        {
            MultiplyAdd(parameter, (float)WeightDecay, gradient, gradient);
        }

        Moments.Step(parameter, gradient, slots, rate, step, Beta1, Beta2, Epsilon);
    }

    internal override string? Problem() => base.Problem() ?? Moments.Problem(Beta1, Beta2, Epsilon, WeightDecay);
}
