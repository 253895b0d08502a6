using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// An upper bound of a matrix's largest singular value by products of matrices alone, within 500^(1/64), 10 %, for a smaller side of 500:
/// λ ≤ ‖G^q‖_F^(1/q) for the smaller Gram matrix G with q = 16, by squaring it four times.
/// </summary>
internal static class SpectralBound
{
    private const int Squarings = 4;

    /// <summary>Multiplications that it takes.</summary>
    public static double Cost(Tensor matrix)
    {
        var smaller = (double)Math.Min(matrix.Size(0), matrix.Size(1));
        return (smaller * matrix.Elements) + (Squarings * smaller * smaller * smaller);
    }

    /// <summary>The bound, up to rounding.</summary>
    public static double Of(Tensor matrix)
    {
        using var scope = Libtorch.NewDisposeScope();
        var gram = matrix.Size(0) <= matrix.Size(1) ? matrix.MatMul(matrix.T()) : matrix.T().MatMul(matrix);
        var (logarithm, share) = (0.0, 1.0);
        for (var i = 0; ; i++)
        {
            var norm = gram.Norm().Item();
            if (norm == 0)
            {
                return 0;
            }

            logarithm += share * Math.Log(norm);
            if (i == Squarings)
            {
                return Math.Exp(logarithm / 2);
            }

            gram = gram / norm;
            gram = gram.MatMul(gram);
            share /= 2;
        }
    }
}
