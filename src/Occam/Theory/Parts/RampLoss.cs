using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The ramp of the margin, ℓ = 1 where it is 0 or less, 0 where it is γ or more, and 1 − margin/γ between: at least the classification
/// error, at most 1, and Lipschitz in the logits, as the loss of a PAC-Bayes bound on noise must be.
/// </summary>
/// <param name="Scale">γ.</param>
internal sealed record RampLoss(double Scale)
{
    /// <summary>f(x)[y] − max_{j≠y} f(x)[j], or ±f(x) of a single output.</summary>
    public static Tensor Margins(Tensor logits, int[] labels)
    {
        if (logits.Size(1) == 1)
        {
            return logits.Squeeze(1) * Tensor.FromArray(Array.ConvertAll(labels, label => label == 1 ? 1.0 : -1.0), labels.Length);
        }

        var own = Tensor.FromArray(Array.ConvertAll(labels, label => (long)label), labels.Length, 1);
        var isOwn = Tensor.Arange(0, logits.Size(1), 1, ScalarType.Int64).EqualTo(own);
        var rival = Tensor.Full([1], double.NegativeInfinity, logits.ScalarType).Where(isOwn, logits).AMax([1]);
        return logits.Gather(1, own).Squeeze(1) - rival;
    }

    /// <summary>C_L, the largest slope by the logits: a margin's is √2, or 1 of a single output.</summary>
    public double Slope(long outputs) => (outputs == 1 ? 1 : Math.Sqrt(2)) / Scale;

    /// <summary>Each example's loss.</summary>
    public Tensor Losses(Tensor logits, int[] labels) => (-(Margins(logits, labels) / Scale) + 1).Clamp(0, 1);
}
