using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The largest singular value of matrices, exact to rounding.</summary>
internal static class SpectralNorm
{
    private const long MostForDense = 1024;

    // Numbers that are widened at once, and rows of a Gram matrix that are multiplied at once: as they fit a processor's cache.
    private const long MostAtOnce = 1L << 18;
    private const long RowsAtOnce = 64;

    /// <summary>Whether the dense computation takes a second at most.</summary>
    public static bool IsCheap(Tensor matrices) =>
        matrices.Dimensions >= 2 && Math.Min(matrices.Size(-1), matrices.Size(-2)) <= MostForDense;

    /// <summary>
    /// σ_max over the last two dimensions, as the square root of the largest eigenvalue of the smaller Gram
    /// matrix, in float64. (Squaring costs the small singular values their digits; the largest keeps all.)
    /// On one thread: LAPACK's many small steps gain little from more, and wait long for them on a busy machine.
    /// </summary>
    public static Tensor Of(Tensor matrices)
    {
        var threads = Libtorch.Threads;
        Libtorch.SetThreadsHere(1);
        try
        {
            return OnThisThread(matrices);
        }
        finally
        {
            Libtorch.SetThreadsHere(threads);
        }
    }

    /// <summary>The largest of the norms of all matrices.</summary>
    public static double Largest(Tensor matrices)
    {
        using var norms = Of(matrices);
        return Broadcasting.LargestMagnitude(norms);
    }

    private static Tensor OnThisThread(Tensor matrices)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        matrices = matrices.Detach().To(Device.Cpu);
        var gram = matrices.Dimensions == 2 ? Gram(matrices) : Grams(matrices);
        if (gram.Dimensions == 2 && gram.Size(0) >= LargestEigenvalue.FewestRows)
        {
            if (LargestEigenvalue.Of(gram) is { } largest)
            {
                return Tensor.FromArray([Math.Sqrt(largest)], 1).Squeeze(0).MoveToOuterDisposeScope();
            }

            // It is spent.
            gram.Dispose();
            gram = Gram(matrices);
        }

        return gram.EigenvaluesSymmetric().AMax([-1]).Clamp(0, null).Sqrt().MoveToOuterDisposeScope();
    }

    private static Tensor Grams(Tensor matrices)
    {
        var exact = matrices.To(ScalarType.Float64);
        var transposed = exact.Transpose(-1, -2);
        return exact.Size(-2) <= exact.Size(-1) ? exact.MatMul(transposed) : transposed.MatMul(exact);
    }

    // The lower triangle, which is all that its eigenvalues are read from: a little more than half of the multiplications.
    private static Tensor Gram(Tensor matrix)
    {
        var wide = matrix.Size(0) <= matrix.Size(1) ? matrix : matrix.T();
        var (rows, columns) = (wide.Size(0), wide.Size(1));
        var gram = Tensor.Zeros([rows, rows], ScalarType.Float64);
        var atOnce = Math.Clamp(MostAtOnce / Math.Max(rows, 1), RowsAtOnce, Math.Max(columns, RowsAtOnce));
        for (var start = 0L; start < columns; start += atOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var part = wide.Narrow(1, start, Math.Min(atOnce, columns - start)).To(ScalarType.Float64);
            for (var row = 0L; row < rows; row += RowsAtOnce)
            {
                var (count, end) = (Math.Min(RowsAtOnce, rows - row), Math.Min(row + RowsAtOnce, rows));
                gram.Narrow(0, row, count).Narrow(1, 0, end).AddProductInPlace(part.Narrow(0, row, count), part.Narrow(0, 0, end).T());
            }
        }

        return gram;
    }
}
