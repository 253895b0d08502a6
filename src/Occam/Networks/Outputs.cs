using Occam.Torch;

namespace Occam.Networks;

/// <summary>Outputs of networks.</summary>
internal static class Outputs
{
    /// <summary>A value with the batch first, whatever its shape, as batch × numbers.</summary>
    /// <exception cref="OccamException">It is a single number.</exception>
    public static Tensor AsRows(this Tensor output) => output.Dimensions switch
    {
        0 => throw new OccamException("the output is a single number for all examples: its first dimension must be the batch"),
        1 => output.Unsqueeze(1),
        2 => output,
        _ => output.Flatten(1),
    };
}
