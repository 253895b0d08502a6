using Occam.Torch;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent as in PyTorch: g ← g + λθ; with momentum μ: v ← μv + g, and g ← v, or g ← g + μv
/// (Nesterov); θ ← θ − αg. The first v is g, for v starts at zero.
/// </summary>
/// <param name="LearningRate">α.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Nesterov">Whether the step looks ahead (Nesterov 1983).</param>
/// <param name="WeightDecay">λ, added to the gradient.</param>
public sealed record Sgd(double LearningRate, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0)
    : Optimizer("sgd", LearningRate)
{
    /// <inheritdoc/>
    public override int Slots => Momentum == 0 ? 0 : 1;

    /// <inheritdoc/>
    public override bool IsPlain => Momentum == 0 && WeightDecay == 0;

    /// <summary>(2 + 2μ)/h, or (2 + 2μ)/((1 + 2μ)h) for Nesterov's step (Cohen et al. 2021).</summary>
    /// <inheritdoc/>
    public override double StableSharpness(double rate) => (2 + (2 * Momentum)) / (rate * (Nesterov ? 1 + (2 * Momentum) : 1));

    internal override double AddedCurvature => WeightDecay;

    internal override void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, double rate, long step)
    {
        if (WeightDecay != 0)
        {
            gradient.AddInPlace(parameter, WeightDecay);
        }

        if (Momentum != 0)
        {
            slots[0].MultiplyInPlace(Momentum).AddInPlace(gradient);
            if (Nesterov)
            {
                gradient.AddInPlace(slots[0], Momentum);
            }
            else
            {
                gradient = slots[0];
            }
        }

        parameter.AddInPlace(gradient, -rate);
    }

    internal override void Update(Span<float> parameter, Span<float> gradient, Span<float> slots, double rate, long step)
    {
        if (WeightDecay != 0)
        {
            MultiplyAdd(parameter, (float)WeightDecay, gradient, gradient);
        }

        if (Momentum != 0)
        {
            MultiplyAdd(slots, (float)Momentum, gradient, slots);
            if (Nesterov)
            {
                MultiplyAdd(slots, (float)Momentum, gradient, gradient);
            }
            else
            {
                gradient = slots;
            }
        }

        MultiplyAdd(gradient, (float)-rate, parameter, parameter);
    }

    internal override string? Problem() =>
        base.Problem()
        ?? (Momentum is >= 0 and < 1 ? null : $"a momentum of {Momentum} can't be: give a number from 0 to below 1")
        ?? (Nesterov && Momentum == 0 ? "Nesterov's step needs a momentum: give one" : null)
        ?? (WeightDecay >= 0 ? null : $"a weight decay of {WeightDecay} can't be: give 0 or a positive number");
}
