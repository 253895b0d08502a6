using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The largest eigenvalues of a symmetric matrix that is only known by its products, with their vectors, by the Lanczos process with full
/// reorthogonalization and thick restarts (Wu and Simon 2000): once as many vectors are held as are allowed, it goes on from the best
/// combinations of them. Within its residual ‖Av − θv‖ of every value there is an eigenvalue, and the i-th value isn't above the i-th
/// largest eigenvalue, but for rounding. An eigenvalue that several eigenvectors share may be found fewer times than it occurs.
/// </summary>
/// <param name="Values">The values θ, largest first.</param>
/// <param name="Residuals">‖Av − θv‖ of each.</param>
/// <param name="Converged">Whether each residual is within the tolerance.</param>
/// <param name="Vectors">The vectors v, orthonormal.</param>
/// <param name="Products">The number of products computed.</param>
/// <param name="IsComplete">Whether the vectors came to span all, so that the values are eigenvalues to rounding.</param>
internal sealed record LargestEigenpairs(
    ImmutableArray<double> Values, ImmutableArray<double> Residuals, ImmutableArray<bool> Converged, OrthonormalBasis Vectors, int Products,
    bool IsComplete) : IDisposable
{
    // Of the largest magnitude: what is smaller is rounding.
    private const double Exhausted = 1e-12;
    private const double RoundingOfFloats = 1e-6;

    // No residual is smaller than what a number of the type leaves out.
    private const double UnitOfDoubles = 2.2e-16;
    private const double UnitOfFloats = 1.2e-7;

    /// <summary>Computes them.</summary>
    /// <param name="apply">A v, which is changed in place.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="count">How many to look for.</param>
    /// <param name="products">The most products.</param>
    /// <param name="held">The most vectors held, more than <paramref name="count"/> by 2 or more.</param>
    /// <param name="tolerance">A value has converged where its residual is so small a part of its magnitude.</param>
    /// <param name="generator">Draws the starting vector.</param>
    public static LargestEigenpairs Of(
        Func<Tensor, Tensor> apply, Tensor like, int count, int products, int held, double tolerance, Generator generator)
    {
        count = (int)Math.Min(count, like.Elements);
        held = (int)Math.Min(held, like.Elements);
        var unit = like.ScalarType == ScalarType.Float64 ? UnitOfDoubles : UnitOfFloats;
        var rounding = like.ScalarType == ScalarType.Float64 ? Exhausted : RoundingOfFloats;
        var basis = new OrthonormalBasis();
        var T = new double[held, held];
        Draw(basis, like, generator);
        for (var made = 1; ; made++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var at = basis.Count - 1;
            var image = apply(basis[at]);
            T[at, at] = WideSum.OfProducts(basis[at], image);
            var length = basis.TakeOut(image);
            if (!double.IsFinite(length))
            {
                return new LargestEigenpairs([double.NaN], [double.NaN], [false], basis, made, false);
            }

            var (values, S) = Eigen(T, basis.Count);
            var scale = values.Max(Math.Abs);
            var (isExhausted, isAll) = (length <= rounding * scale, basis.Count == like.Elements);
            var found = Math.Min(count, basis.Count);
            double[] residuals =
                [.. Enumerable.Range(0, found).Select(i => isAll ? 0 : Math.Max(length * Math.Abs(S[at, i]), unit * scale))];
            bool[] converged =
                [.. residuals.Select((residual, i) => residual <= Math.Max(tolerance * Math.Abs(values[i]), rounding * scale))];
            if ((found == count && converged.All(one => one)) || isAll || made == products)
            {
                var vectors = basis.Combined(S.SubMatrix(0, basis.Count, 0, found));
                basis.Dispose();
                return new LargestEigenpairs([.. values[..found]], [.. residuals], [.. converged], vectors, made, isAll);
            }

            if (basis.Count == held)
            {
                var kept = Math.Min(count + ((held - count) / 2), held - 2);
                var combined = basis.Combined(S.SubMatrix(0, held, 0, kept));
                basis.Dispose();
                basis = combined;
                Array.Clear(T);
                for (var i = 0; i < kept; i++)
                {
                    T[i, i] = values[i];
                    T[i, kept] = T[kept, i] = isExhausted ? 0 : length * S[at, i];
                }

                // What came of combining them isn't quite orthogonal to what is next.
                var rest = basis.TakeOut(image);
                length = isExhausted ? length : rest;
            }
            else
            {
                T[at, at + 1] = T[at + 1, at] = isExhausted ? 0 : length;
            }

            if (isExhausted)
            {
                // The vectors are mapped among themselves: others are to be found from a new start.
                Draw(basis, like, generator);
            }
            else
            {
                basis.Add(image.MultiplyInPlace(1 / length));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Vectors.Dispose();

    private static void Draw(OrthonormalBasis basis, Tensor like, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        var start = Tensor.Randn(like.Shape, generator, like.ScalarType);
        basis.Add(start.MultiplyInPlace(1 / basis.TakeOut(start)));
    }

    // The largest first.
    private static (double[] Values, Matrix<double> Vectors) Eigen(double[,] T, int size)
    {
        var eigen = Matrix<double>.Build.Dense(size, size, (i, j) => T[i, j]).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => eigen.EigenValues[i].Real)];
        return (
            [.. order.Select(i => eigen.EigenValues[i].Real)],
            Matrix<double>.Build.Dense(size, size, (i, j) => eigen.EigenVectors[i, order[j]]));
    }
}
