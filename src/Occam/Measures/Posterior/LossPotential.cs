using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Posterior;

/// <summary>
/// The loss of a network as a function of its weights, of all data or of a new mini-batch each time. A mini-batch's loss is compared with
/// that of the same examples at w*, which takes from it what the examples differ by.
/// </summary>
/// <param name="surface">The loss, for this thread alone.</param>
/// <param name="own">The loss of each example at w*.</param>
/// <param name="batches">The examples.</param>
internal sealed class LossPotential(LossSurface surface, double[] own, MiniBatches batches) : IPotential
{
    /// <inheritdoc/>
    public int Size { get; } = checked((int)surface.Weights.Size);

    /// <inheritdoc/>
    public double At(ReadOnlySpan<double> point, Span<double> gradient)
    {
        using var scope = Libtorch.NewDisposeScope();
        using (Libtorch.NoGrad())
        {
            surface.Weights.Point.CopyInPlace(Tensor.FromArray(point.ToArray(), point.Length));
        }

        var batch = batches.Next();
        var slope = surface.Weights.Zeros();
        var loss = surface.AddGradientOn(batch, slope);
        slope.ToArray<double>().CopyTo(gradient);
        return loss - batch.Indices.Average(i => own[i]);
    }
}
