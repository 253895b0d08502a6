using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// Cross-entropy in natural logarithms: of the softmax of the logits, or of the sigmoid of a single output with
/// labels 0 and 1.
/// </summary>
internal static class LogitCrossEntropy
{
    /// <summary>Each example's loss, in float64, recorded where the logits are.</summary>
    public static Tensor Losses(Tensor logits, int[] labels)
    {
        var wide = logits.To(ScalarType.Float64);
        return logits.Size(1) == 1
            ? -(wide * Signs(labels, logits.Device)).LogSigmoid().Squeeze(1)
            : -wide.LogSoftmax(1).Gather(1, Indices(labels, logits.Device)).Squeeze(1);
    }

    /// <summary>
    /// Whether each example is classified wrongly: its own class has not the one largest logit, or is on the wrong side of zero.
    /// </summary>
    public static Tensor Errors(Tensor logits, int[] labels)
    {
        using var grad = Libtorch.NoGrad();
        if (logits.Size(1) == 1)
        {
            return (logits * Signs(labels, logits.Device).To(logits.ScalarType)).GreaterThan(0).Not().Squeeze(1);
        }

        var own = Indices(labels, logits.Device);
        var isOwn = Tensor.Arange(0, logits.Size(1), 1, ScalarType.Int64, logits.Device).EqualTo(own);
        var rival = Tensor.Full([1], double.NegativeInfinity, logits.ScalarType, logits.Device).Where(isOwn, logits).AMax([1]);
        return logits.Gather(1, own).Squeeze(1).GreaterThan(rival).Not();
    }

    /// <summary>The sum of the examples' losses, and the slope of each by its logits (batch × k).</summary>
    /// <remarks>
    /// In float64, and p_y − 1 as minus the sum of the others, so that the slopes of examples that are fitted well
    /// keep their digits.
    /// </remarks>
    public static (double Loss, Tensor Slope) Of(Tensor logits, int[] labels)
    {
        using var grad = Libtorch.NoGrad();
        var wide = logits.Detach().To(ScalarType.Float64);
        Tensor loss, slope;
        if (logits.Size(1) == 1)
        {
            var sign = Signs(labels, logits.Device);
            loss = -(wide * sign).LogSigmoid().Sum();
            slope = -((-(wide * sign)).Sigmoid() * sign);
        }
        else
        {
            var own = Indices(labels, logits.Device);
            var chosen = Tensor.Arange(0, logits.Size(1), 1, ScalarType.Int64, logits.Device).EqualTo(own).To(ScalarType.Float64);
            var others = wide.Softmax(1) * (-chosen + 1);
            loss = -wide.LogSoftmax(1).Gather(1, own).Sum();
            slope = others - (chosen * others.Sum([1], keep: true));
        }

        return (loss.Item(), slope.To(logits.ScalarType));
    }

    private static Tensor Signs(int[] labels, Device device) =>
        Tensor.FromArray(Array.ConvertAll(labels, label => label == 1 ? 1.0 : -1.0), labels.Length, 1).To(device);

    private static Tensor Indices(int[] labels, Device device) =>
        Tensor.FromArray(Array.ConvertAll(labels, label => (long)label), labels.Length, 1).To(device);
}
