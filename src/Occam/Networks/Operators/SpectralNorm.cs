using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The largest singular value of matrices, exact to rounding.</summary>
internal static class SpectralNorm
{
    private const long MostForDense = 1024;

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
        var exact = matrices.Detach().To(Device.Cpu).To(ScalarType.Float64);
        var transposed = exact.Transpose(-1, -2);
        var gram = exact.Size(-2) <= exact.Size(-1) ? exact.MatMul(transposed) : transposed.MatMul(exact);
        return gram.EigenvaluesSymmetric().AMax([-1]).Clamp(0, null).Sqrt().MoveToOuterDisposeScope();
    }
}
