using Occam.Torch;

namespace Occam.Networks;

/// <summary>Upper bounds of matrices' norms that hold in spite of rounding.</summary>
internal static class NormBounds
{
    // The smaller side up to which eigenvalues are computed.
    private const long MostExact = 512;

    private const double Unit = 1.0 / (1L << 53);

    /// <summary>
    /// Not below the largest singular value σ of a matrix in float64: the root of the largest eigenvalue of A Aᵀ or AᵀA, with what forming
    /// it and its eigenvalues may be off (a small multiple of m n u ‖A‖_F², u = 2⁻⁵³: Higham 2002, §3.5; Golub and Van Loan 2013, ch. 8).
    /// Of large matrices √(‖A‖₁ ‖A‖_∞) or the Frobenius norm, whichever is smaller.
    /// </summary>
    public static double Largest(Tensor matrix)
    {
        if (matrix.Elements == 0)
        {
            return 0;
        }

        var (rows, columns) = (matrix.Size(0), matrix.Size(1));
        var frobenius = Frobenius(matrix);
        if (Math.Min(rows, columns) == 1 || frobenius == 0 || !double.IsFinite(frobenius))
        {
            return frobenius;
        }

        if (Math.Min(rows, columns) > MostExact)
        {
            var sizes = matrix.Abs();
            var product = sizes.Sum([0]).AMax([0]).Item() * sizes.Sum([1]).AMax([0]).Item();
            return Math.Min(frobenius, Math.Sqrt(product) * (1 + (Unit * 4 * (rows + columns))));
        }

        // Scaled, so that no square leaves the range of a double.
        var scaled = matrix / frobenius;
        var gram = rows <= columns ? scaled.MatMul(scaled.T()) : scaled.T().MatMul(scaled);
        var eigenvalues = gram.EigenvaluesSymmetric();
        var largest = Math.Max(0, eigenvalues.AMax([0]).Item()) + (Unit * 16 * (rows + columns + 16));
        return Math.Min(frobenius, frobenius * Math.Sqrt(largest) * (1 + (8 * Unit)));
    }

    /// <summary>Not below the Frobenius norm.</summary>
    public static double Frobenius(Tensor tensor) =>
        tensor.Elements == 0 ? 0 : tensor.Norm().Item() * (1 + (Unit * 4 * (tensor.Elements + 8)));
}
