using Occam.Torch;

namespace Occam.Training.Losses;

/// <summary>(1/k) Σ_j (z_j − y_j)², PyTorch's default: no ½, and the mean over the outputs. ε = (2/k)‖z − y‖.</summary>
public sealed record MeanSquaredError() : Loss("mse", TakesClasses: false)
{
    /// <inheritdoc/>
    public override double Slope(ReadOnlySpan<double> logits, ReadOnlySpan<double> target, Span<double> slope, out double epsilon)
    {
        var sum = 0.0;
        for (var j = 0; j < logits.Length; j++)
        {
            var difference = logits[j] - target[j];
            slope[j] = 2 * difference / logits.Length;
            sum += difference * difference;
        }

        epsilon = 2 * Math.Sqrt(sum) / logits.Length;
        return sum / logits.Length;
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor logits, Tensor targets) => (logits - targets).Square().Mean();
}
