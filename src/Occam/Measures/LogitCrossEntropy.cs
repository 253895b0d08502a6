using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// Cross-entropy in natural logarithms: of the softmax of the logits, or of the sigmoid of a single output with
/// labels 0 and 1.
/// </summary>
internal static class LogitCrossEntropy
{
    // Logits that are widened at once, where nothing is recorded: beside a large network those of a text would count for memory.
    private const long MostAtOnce = 1L << 19;

    /// <summary>Each example's loss, in float64, recorded where the logits are.</summary>
    public static Tensor Losses(Tensor logits, int[] labels)
    {
        if (!logits.RequiresGrad && InParts(logits, labels, Losses) is { } parts)
        {
            return parts;
        }

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
        if (InParts(logits, labels, Errors) is { } parts)
        {
            return parts;
        }

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
        var sum = 0.0;
        Tensor OfSome(Tensor some, int[] own)
        {
            (var part, var slopes) = Of(some, own);
            sum += part;
            return slopes;
        }

        if (InParts(logits.Detach(), labels, OfSome) is { } parts)
        {
            return (sum, parts);
        }

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

    // Some examples at a time; null where they are few enough for once.
    private static Tensor? InParts(Tensor logits, int[] labels, Func<Tensor, int[], Tensor> of)
    {
        var atOnce = (int)Math.Max(1, MostAtOnce / logits.Size(1));
        return labels.Length <= atOnce ? null : Tensor.Cat(
            [
                .. labels.Chunk(atOnce).Select((some, i) =>
                {
                    using var scope = Libtorch.NewDisposeScope();
                    return of(logits.Narrow(0, (long)i * atOnce, some.Length), some).MoveToOuterDisposeScope();
                }),
            ], 0);
    }

    private static Tensor Signs(int[] labels, Device device) =>
        Tensor.FromArray(Array.ConvertAll(labels, label => label == 1 ? 1.0 : -1.0), labels.Length, 1).To(device);

    private static Tensor Indices(int[] labels, Device device) =>
        Tensor.FromArray(Array.ConvertAll(labels, label => (long)label), labels.Length, 1).To(device);
}
