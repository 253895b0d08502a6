using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>Random directions that are orthogonal to each other.</summary>
internal static class OrthonormalDirections
{
    /// <summary>
    /// For each example, the first vectors of a basis of Rⁿ drawn from the uniform (Haar) distribution: batch × count × n, each a uniform
    /// unit vector by itself. From the QR decomposition of a Gaussian matrix, with signs that make it unique (Mezzadri 2007).
    /// </summary>
    public static Tensor Of(int examples, long dimensions, int count, Tensor like, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (count == 1)
        {
            return InputJacobian.RandomUnit([examples, dimensions], like, generator).Unsqueeze(1).MoveToOuterDisposeScope();
        }

        var normal = Tensor.Randn([examples, dimensions, count], generator, ScalarType.Float64);
        var (q, r) = normal.OrthogonalAndTriangular();
        var signs = r.Diagonal(1, 2).Sign().Unsqueeze(1);
        return (q * signs).Transpose(1, 2).Contiguous().To(like.ScalarType).To(like.Device).MoveToOuterDisposeScope();
    }
}
