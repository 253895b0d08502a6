using Occam.Torch;

namespace Occam.Networks;

/// <summary>Tells stored masks from stored parameters: both are added to what varies.</summary>
internal static class AddedMask
{
    /// <summary>
    /// Whether numbers that are added hide some of what they are added to: none is above 0, and some are −∞, or, in square matrices (of
    /// positions by positions), all are 0 or one and the same negative number.
    /// </summary>
    public static bool Is(Tensor tensor)
    {
        if (tensor.Elements == 0)
        {
            return false;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        if (!(tensor.AMax([]).Item() <= 0))
        {
            return false;
        }

        if (double.IsNegativeInfinity(tensor.AMin([]).Item()))
        {
            return true;
        }

        if (tensor.Dimensions < 2 || tensor.Size(-1) != tensor.Size(-2) || tensor.Size(-1) < 2)
        {
            return false;
        }

        double[] values = [.. tensor.To(Device.Cpu).ToArray<double>().Distinct().Take(3).Order()];
        return values is [< 0, 0];
    }
}
