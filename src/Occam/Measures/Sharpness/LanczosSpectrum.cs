using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// Eigenvalues at both ends of a symmetric matrix that is only known by its products, by the Lanczos process with full
/// reorthogonalization. Within its residual of every value there is an eigenvalue.
/// </summary>
/// <param name="Values">The Ritz values, largest first.</param>
/// <param name="Residuals">‖Hv − θv‖ of each.</param>
/// <param name="Steps">The number of products computed.</param>
/// <param name="Converged">Whether the largest value's residual is within the tolerance.</param>
/// <param name="IsComplete">Whether the process came to its end, so that the values are eigenvalues to rounding.</param>
internal sealed record LanczosSpectrum(
    ImmutableArray<double> Values, ImmutableArray<double> Residuals, int Steps, bool Converged, bool IsComplete)
{
    // Of the largest magnitude: what is smaller is rounding.
    private const double Exhausted = 1e-12;

    /// <summary>Computes the eigenvalues.</summary>
    /// <param name="apply">H v, which is changed in place.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="steps">The maximal number of products.</param>
    /// <param name="tolerance">Stop when the largest value's residual is so small a part of the largest magnitude.</param>
    /// <param name="generator">Draws the starting vector.</param>
    public static LanczosSpectrum Of(Func<Tensor, Tensor> apply, Tensor like, int steps, double tolerance, Generator generator)
    {
        using var basis = new OrthonormalBasis();
        using (Libtorch.NewDisposeScope())
        {
            var start = Tensor.Randn(like.Shape, generator, like.ScalarType);
            basis.Add(start / start.Norm());
        }

        List<double> diagonal = [], beside = [];
        while (true)
        {
            using var scope = Libtorch.NewDisposeScope();
            var v = basis[^1];
            var image = apply(v);
            diagonal.Add((v * image).Sum().Item());
            var length = basis.TakeOut(image);
            var (values, last) = RitzPairs(diagonal, beside);
            var scale = values.Max(Math.Abs);
            var converged = length * last[0] <= tolerance * scale;
            if (converged || basis.Count == Math.Min(steps, like.Elements) || length <= Exhausted * scale || !double.IsFinite(length))
            {
                return new LanczosSpectrum(
                    [.. values], [.. last.Select(component => length * component)], basis.Count, converged,
                    double.IsFinite(length) && (basis.Count == like.Elements || length <= Exhausted * scale));
            }

            beside.Add(length);
            basis.Add(image.MultiplyInPlace(1 / length));
        }
    }

    private static (double[] Values, double[] Last) RitzPairs(List<double> diagonal, List<double> beside)
    {
        var size = diagonal.Count;
        if (!diagonal.Concat(beside).All(double.IsFinite))
        {
            return ([double.NaN], [double.NaN]);
        }

        var T = Matrix<double>.Build.Dense(size, size, (i, j) => i == j ? diagonal[i] : Math.Abs(i - j) == 1 ? beside[Math.Min(i, j)] : 0);
        var eigen = T.Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => eigen.EigenValues[i].Real)];
        return ([.. order.Select(i => eigen.EigenValues[i].Real)], [.. order.Select(i => Math.Abs(eigen.EigenVectors[size - 1, i]))]);
    }
}
