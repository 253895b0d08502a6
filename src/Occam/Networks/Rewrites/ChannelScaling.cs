using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Batch normalization in evaluation mode, as what it is: x ↦ s·x + t by channel, with s = γ/√(σ² + ε) and
/// t = β − s·μ (Ioffe and Szegedy 2015, algorithm 2). Both in float64.
/// </summary>
internal sealed record ChannelScaling(Tensor Scale, Tensor Shift)
{
    private const long MostAtOnce = 1L << 18;

    public long Channels => Scale.Elements;

    /// <summary>The scaling of a normalization, or null and why it has no fixed one.</summary>
    public static ChannelScaling? Of(GraphDraft draft, Node norm, out string why)
    {
        why = "its scale, bias, mean or variance isn't stored, one number for each channel";
        if (norm.Inputs.Length < 5
            || norm.Inputs[1..5].Select(draft.Constant).ToArray() is not [{ } gamma, { } beta, { } mean, { } variance]
                || gamma.Dimensions != 1 || new[] { beta, mean, variance }.Any(tensor => !tensor.Shape.SequenceEqual(gamma.Shape)))
        {
            return null;
        }

        var deviation = (variance.To(ScalarType.Float64) + norm.Attributes.Float("epsilon", 1e-5)).Sqrt();
        var scale = gamma.To(ScalarType.Float64) / deviation;
        why = "its variance is negative, or one of its numbers isn't finite";
        var scaling = new ChannelScaling(scale, beta.To(ScalarType.Float64) - (scale * mean.To(ScalarType.Float64)));
        return scaling.Scale.IsFinite().All().Item() != 0 && scaling.Shift.IsFinite().All().Item() != 0 ? scaling : null;
    }

    /// <summary>A bias (or null for none) after the scaling, for each channel.</summary>
    public Tensor After(Tensor? bias) => bias is null ? Shift : (Scale * bias.To(ScalarType.Float64)) + Shift;

    /// <summary>
    /// A weight times factors that broadcast to it, multiplied in float64 and rounded to a type: some of it at a time, as it fits a
    /// processor's cache.
    /// </summary>
    public static Tensor Product(Tensor weight, Tensor factors, ScalarType type)
    {
        var result = Tensor.Empty(weight.Shape, type, weight.Device);
        var atOnce = Math.Max(1, MostAtOnce * weight.Size(0) / Math.Max(1, weight.Elements));
        for (var start = 0L; start < weight.Size(0); start += atOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(atOnce, weight.Size(0) - start);
            var some = factors.Size(0) == 1 ? factors : factors.Narrow(0, start, count);
            result.Narrow(0, start, count).CopyInPlace(weight.Narrow(0, start, count).To(ScalarType.Float64) * some);
        }

        return result;
    }

    /// <summary>Numbers by channel with as many dimensions as a tensor, so that they multiply along one of them.</summary>
    public static Tensor Along(Tensor numbers, int dimension, int dimensions)
    {
        var shape = Enumerable.Repeat(1L, dimensions).ToArray();
        shape[dimension] = numbers.Elements;
        return numbers.Reshape(shape);
    }
}
