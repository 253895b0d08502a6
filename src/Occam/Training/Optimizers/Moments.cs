using System.Numerics;
using Occam.Torch;

namespace Occam.Training.Optimizers;

/// <summary>
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − α m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
/// (Kingma and Ba 2015, Algorithm 1).
/// </summary>
internal static class Moments
{
    public static void Step(
        Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, double rate, long step, double beta1, double beta2, double epsilon)
    {
        slots[0].MultiplyInPlace(beta1).AddInPlace(gradient, 1 - beta1);
        slots[1].MultiplyInPlace(beta2).AddInPlace(gradient.Square(), 1 - beta2);
        var denominator = (slots[1].Sqrt() / Math.Sqrt(1 - Math.Pow(beta2, step))) + epsilon;
        parameter.AddInPlace(slots[0] / denominator, -rate / (1 - Math.Pow(beta1, step)));
    }

    public static void Step(
        Span<float> parameter, Span<float> gradient, Span<float> slots, double rate, long step, double beta1, double beta2, double epsilon)
    {
        var m = slots[..parameter.Length];
        var v = slots[parameter.Length..];
        var (size, root) = ((float)(rate / (1 - Math.Pow(beta1, step))), (float)Math.Sqrt(1 - Math.Pow(beta2, step)));
        var (b1, b2, offset) = ((float)beta1, (float)beta2, (float)epsilon);
        var i = 0;
        for (; i + Vector<float>.Count <= parameter.Length; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            var mean = (b1 * new Vector<float>(m[i..])) + ((1 - b1) * g);
            var square = (b2 * new Vector<float>(v[i..])) + ((1 - b2) * (g * g));
            mean.CopyTo(m[i..]);
            square.CopyTo(v[i..]);
            var direction = mean / ((Vector.SquareRoot(square) / new Vector<float>(root)) + new Vector<float>(offset));
            (new Vector<float>(parameter[i..]) - (size * direction)).CopyTo(parameter[i..]);
        }

        for (; i < parameter.Length; i++)
        {
            var g = gradient[i];
            m[i] = (b1 * m[i]) + ((1 - b1) * g);
            v[i] = (b2 * v[i]) + ((1 - b2) * (g * g));
            parameter[i] -= size * (m[i] / ((MathF.Sqrt(v[i]) / root) + offset));
        }
    }

    /// <summary>
    /// The eigenvalue a of P⁻¹H at which θ ← cθ − h m, m ← β₁m + (1 − β₁)aθ has the eigenvalue −1: (1 + c)(1 + β₁)/((1 − β₁)h).
    /// </summary>
    public static double StableSharpness(double rate, double beta1, double kept) => (1 + kept) * (1 + beta1) / ((1 - beta1) * rate);

    /// <summary>P = (1 − β₁ᵗ)(√(v/(1 − β₂ᵗ)) + ε), so that θ ← θ − α P⁻¹m (Cohen et al. 2022).</summary>
    public static Tensor Preconditioner(Tensor second, long step, double beta1, double beta2, double epsilon) =>
        ((second / (1 - Math.Pow(beta2, step))).Sqrt() + epsilon) * (1 - Math.Pow(beta1, step));

    public static string? Problem(double beta1, double beta2, double epsilon, double decay) =>
        beta1 is not (>= 0 and < 1)
            || beta2 is not (>= 0 and < 1) ? $"moments can't decay by {beta1} and {beta2}: give numbers from 0 to below 1"
        : epsilon is not > 0 ? $"an ε of {epsilon} can't be: give a positive number"
        : decay is not >= 0 ? $"a weight decay of {decay} can't be: give 0 or a positive number"
        : null;
}
