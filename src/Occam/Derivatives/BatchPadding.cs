using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>Examples for a graph that takes no other number of them than the one it was exported for.</summary>
internal static class BatchPadding
{
    /// <summary>A batch filled up to a number with copies of its last example; as it is where no number is asked for.</summary>
    public static Tensor To(long? batch, Tensor x) =>
        batch is { } size && x.Size(0) < size
            ? Tensor.Cat([x, x.Narrow(0, x.Size(0) - 1, 1).Expand([size - x.Size(0), .. x.Shape[1..]])], 0)
            : x;
}
