using Occam.Torch;

namespace Occam.Training.Losses;

/// <summary>−log softmax(z)[y] in natural logarithms; ε = ‖softmax(z) − e_y‖ (the slope by the logits).</summary>
public sealed record CrossEntropy() : Loss("cross-entropy", TakesClasses: true)
{
    /// <inheritdoc/>
    public override double Slope(ReadOnlySpan<double> logits, ReadOnlySpan<double> target, Span<double> slope, out double epsilon)
    {
        var own = (int)target[0];
        var largest = double.NegativeInfinity;
        foreach (var z in logits)
        {
            largest = Math.Max(largest, z);
        }

        var sum = 0.0;
        for (var j = 0; j < logits.Length; j++)
        {
            slope[j] = Math.Exp(logits[j] - largest);
            sum += slope[j];
        }

        // p_y − 1 as minus the sum of the others: an example that is fitted well keeps its digits.
        var others = 0.0;
        for (var j = 0; j < logits.Length; j++)
        {
            slope[j] /= sum;
            others += j == own ? 0 : slope[j];
        }

        var rest = sum * others;
        slope[own] = -others;
        var square = 0.0;
        foreach (var g in slope[..logits.Length])
        {
            square += g * g;
        }

        epsilon = Math.Sqrt(square);

        // log Σ exp(z_j − z_y) = log(1 + Σ_{j≠y} exp(z_j − z_y)), which is exact where the sum is small.
        var scale = Math.Exp(logits[own] - largest);
        return scale > 0 ? Logarithm.OnePlus(rest / scale) : Math.Log(sum) + largest - logits[own];
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor logits, Tensor targets) =>
        -logits.LogSoftmax(1).Gather(1, targets.To(ScalarType.Int64)).Mean();

    /// <inheritdoc/>
    public override bool IsCorrect(ReadOnlySpan<double> logits, ReadOnlySpan<double> target)
    {
        var own = (int)target[0];
        for (var j = 0; j < logits.Length; j++)
        {
            if (j != own && !(logits[own] > logits[j]))
            {
                return false;
            }
        }

        return true;
    }
}
