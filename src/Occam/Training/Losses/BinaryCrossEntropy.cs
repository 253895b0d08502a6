using Occam.Torch;

namespace Occam.Training.Losses;

/// <summary>
/// −y log ŷ − (1 − y) log(1 − ŷ) of the sigmoid ŷ of one logit, y ∈ {0, 1} (Loukas et al. 2021, §4.1).
/// ε = |∂ℓ/∂ŷ| = 1/|1 − y − ŷ|, after the sigmoid; with it ‖∂ℓ/∂b‖/ε = ‖∂ŷ/∂b‖.
/// </summary>
public sealed record BinaryCrossEntropy() : Loss("binary-cross-entropy", TakesClasses: true)
{
    private protected override bool TakesOneOutput => true;

    /// <inheritdoc/>
    public override double Slope(ReadOnlySpan<double> logits, ReadOnlySpan<double> target, Span<double> slope, out double epsilon)
    {
        // With s = ±z the margin of the right class: ℓ = log(1 + e^−s), |1 − y − ŷ| = σ(s).
        var sign = target[0] > 0.5 ? 1 : -1;
        var s = sign * logits[0];
        var small = Math.Exp(-Math.Abs(s));
        var right = s >= 0 ? 1 / (1 + small) : small / (1 + small);
        var wrong = s >= 0 ? small / (1 + small) : 1 / (1 + small);
        slope[0] = -sign * wrong;
        epsilon = 1 / right;
        return Logarithm.OnePlus(small) + Math.Max(-s, 0);
    }

    /// <inheritdoc/>
    public override double OutputSlope(double logit)
    {
        var small = Math.Exp(-Math.Abs(logit));
        return small / ((1 + small) * (1 + small));
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor logits, Tensor targets) => -(logits * ((targets * 2) - 1)).LogSigmoid().Mean();

    /// <inheritdoc/>
    public override bool IsCorrect(ReadOnlySpan<double> logits, ReadOnlySpan<double> target) => logits[0] > 0 == target[0] > 0.5;
}
