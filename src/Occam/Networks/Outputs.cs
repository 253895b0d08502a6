using Occam.Torch;

namespace Occam.Networks;

/// <summary>Outputs of networks.</summary>
internal static class Outputs
{
    /// <summary>A value with the batch first, whatever its shape, as batch × numbers.</summary>
    public static Tensor AsRows(this Tensor output) => output.Dimensions switch
    {
        1 => output.Unsqueeze(1),
        2 => output,
        _ => output.Flatten(1),
    };
}
