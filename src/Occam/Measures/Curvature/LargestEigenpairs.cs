using System.Collections.Immutable;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The largest eigenvalues of a symmetric matrix that is only known by its products, with their vectors, by the Lanczos process with full
/// reorthogonalization and thick restarts (Wu and Simon 2000): once as many vectors are held as are allowed, it goes on from the best
/// combinations of them. Within its residual ‖Av − θv‖ of every value there is an eigenvalue, and the i-th value isn't above the i-th
/// largest eigenvalue, but for rounding.
/// <para>
/// From one start the process finds one of several equal eigenvalues, and one of a close pair may come late. So what it finds is checked,
/// where asked: by a <see cref="FreshStart"/>. What that finds missing is taken in, and the check made again, until nothing is.
/// </para>
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
    /// <summary>Whether a fresh start found nothing above the least value; never where none was made.</summary>
    public bool IsChecked { get; private init; }

    /// <summary>How many of the products were the checks'.</summary>
    public int ChecksProducts { get; private init; }

    /// <summary>How many pairs a check found missing.</summary>
    public int Missed { get; private init; }

    /// <summary>Computes them.</summary>
    /// <param name="apply">A v, which is changed in place.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="count">How many to look for.</param>
    /// <param name="products">The most products.</param>
    /// <param name="held">The most vectors held, more than <paramref name="count"/> by 2 or more.</param>
    /// <param name="tolerance">A value has converged where its residual is so small a part of its magnitude.</param>
    /// <param name="generator">Draws the starting vectors.</param>
    /// <param name="isChecked">Whether fresh starts look for what is missing.</param>
    public static LargestEigenpairs Of(
        Func<Tensor, Tensor> apply, Tensor like, int count, int products, int held, double tolerance, Generator generator,
        bool isChecked = false)
    {
        count = (int)Math.Min(count, like.Elements);
        held = (int)Math.Min(held, like.Elements);
        using BandLanczos process = new(apply, like, held, generator);
        var (checks, missed) = (0, 0);
        for (var made = 1; ; made++)
        {
            process.Step();
            if (process.IsBroken)
            {
                return new LargestEigenpairs([double.NaN], [double.NaN], [false], new OrthonormalBasis(), made, false);
            }

            var found = Math.Min(count, process.Basis.Count);
            double[] residuals = [.. Enumerable.Range(0, found).Select(process.Residual)];
            bool[] converged =
            [
                .. residuals.Select((residual, i) =>
                    residual <= Math.Max(tolerance * Math.Abs(process.Values[i]), process.Rounding * process.Scale)),
            ];
            var isAll = process.IsAll;
            LargestEigenpairs End(bool passed) => new(
                [.. process.Values[..found]], [.. residuals], [.. converged], process.Take(found), made, isAll)
            {
                IsChecked = passed,
                ChecksProducts = checks,
                Missed = missed,
            };
            if (isAll || made == products)
            {
                return End(isAll);
            }

            if (found == count && converged.All(one => one))
            {
                if (!isChecked)
                {
                    return End(false);
                }

                process.Restart(count);
                using var scope = Libtorch.NewDisposeScope();
                var check = FreshStart.Search(process, apply, like, Math.Max(2, held - count), products - made, tolerance, generator);
                (made, checks) = (made + check.Products, checks + check.Products);
                var hasRoom = held - 2 - process.Rests >= count;
                if (check.Missing is null || !hasRoom || made >= products)
                {
                    return End(check.Passed);
                }

                missed++;
                process.Begin(check.Missing);
            }
            else if (process.IsFull)
            {
                process.Restart(Math.Max(1, Math.Min(count + ((held - count) / 2), held - 1 - process.Rests)));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Vectors.Dispose();
}
