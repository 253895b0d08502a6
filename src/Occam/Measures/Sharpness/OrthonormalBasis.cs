using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>Orthonormal vectors.</summary>
internal static class OrthonormalBasis
{
    /// <summary>A vector without its parts along orthonormal ones.</summary>
    public static Tensor Without(IReadOnlyList<Tensor> basis, Tensor vector)
    {
        var rest = vector.Clone();

        // Once is not enough in floating point; twice is.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in basis)
            {
                using var scope = Libtorch.NewDisposeScope();
                rest.AddInPlace(direction, -(direction * rest).Sum().Item());
            }
        }

        return rest;
    }
}
