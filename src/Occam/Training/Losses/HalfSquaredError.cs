using Occam.Torch;

namespace Occam.Training.Losses;

/// <summary>½ Σ_j (z_j − y_j)², summed over the outputs (Loukas et al. 2021, §4.1). ε = ‖z − y‖.</summary>
public sealed record HalfSquaredError() : Loss("half-squared-error", TakesClasses: false)
{
    /// <inheritdoc/>
    public override double Slope(ReadOnlySpan<double> logits, ReadOnlySpan<double> target, Span<double> slope, out double epsilon)
    {
        var sum = 0.0;
        for (var j = 0; j < logits.Length; j++)
        {
            slope[j] = logits[j] - target[j];
            sum += slope[j] * slope[j];
        }

        epsilon = Math.Sqrt(sum);
        return sum / 2;
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor logits, Tensor targets) => (logits - targets).Square().Sum() / (2 * logits.Size(0));
}
