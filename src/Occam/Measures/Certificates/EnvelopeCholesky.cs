using System.Numerics.Tensors;

namespace Occam.Measures.Certificates;

/// <summary>
/// The Cholesky factor of a symmetric matrix of which each row is stored from its first number that isn't zero up to the diagonal.
/// Every number of the factor is an inner product in float64, so that the error of all of it has a bound (Higham 2002, Theorem 10.3): where
/// it runs to its end, L Lᵀ = A + E with ‖E‖₂ at most <see cref="Error"/> (Rump 2006, "Verification of positive definiteness").
/// </summary>
internal static class EnvelopeCholesky
{
    // The unit roundoff of float64.
    private const double Roundoff = 1.0 / (1L << 53);

    /// <summary>γ_k = k u/(1 − k u): the most that k roundings change, relative to what is added up without signs.</summary>
    public static double Gamma(long roundings) => roundings * Roundoff / (1 - (roundings * Roundoff));

    /// <summary>
    /// What the factor of a matrix of that order and trace is at most wrong by, twice over: a division may be a product with a reciprocal,
    /// and what underflows, far below the roundings of a matrix with a diagonal about 1, is covered, too.
    /// </summary>
    public static double Error(long order, double trace) => 2 * Gamma(order + 3) * trace;

    /// <summary>Factors a matrix in place.</summary>
    /// <param name="rows">The rows, each from its first number to the diagonal; then those of L.</param>
    /// <param name="starts">The column of each row's first number.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Whether it ran to its end: false where a pivot isn't positive.</returns>
    public static bool Factor(double[][] rows, int[] starts, CancellationToken cancellation)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (row, start) = (rows[i], starts[i]);
            for (var j = start; j < i; j++)
            {
                var from = Math.Max(start, starts[j]);
                var product = TensorPrimitives.Dot(
                    row.AsSpan((from - start)..(j - start)), rows[j].AsSpan((from - starts[j])..(j - starts[j])));
                row[j - start] = (row[j - start] - product) / rows[j][^1];
            }

            var pivot = row[^1] - TensorPrimitives.SumOfSquares<double>(row.AsSpan(..^1));
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                return false;
            }

            row[^1] = Math.Sqrt(pivot);
        }

        return true;
    }
}
