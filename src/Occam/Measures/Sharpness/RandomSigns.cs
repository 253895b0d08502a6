using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>Random vectors of signs, ±1 with equal chances.</summary>
internal static class RandomSigns
{
    /// <summary>One of a vector's shape, type and device.</summary>
    public static Tensor Like(Tensor like, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        return (Tensor.RandInt(2, like.Shape, generator, like.ScalarType).MultiplyInPlace(2) - 1).MoveToOuterDisposeScope();
    }
}
