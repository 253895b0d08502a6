using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>The diagonal of a symmetric matrix A that is only known by its products, and how much of the matrix it is.</summary>
/// <param name="Diagonals">Estimates of it, whose mean is the best; the diagonal itself alone where the matrix was small enough.</param>
/// <param name="OnDiagonal">Σ A_ii², or its estimate.</param>
/// <param name="SquaredNorm">‖A‖_F², or its estimate.</param>
/// <param name="Share">Their ratio.</param>
/// <param name="Products">The number of products computed.</param>
internal sealed record DiagonalEstimate(
    ImmutableArray<Tensor> Diagonals, double OnDiagonal, double SquaredNorm, Uncertain Share, int Products)
{
    /// <summary>
    /// The estimate from random vectors of signs g: g ∘ (Ag) has the diagonal as its mean (Bekas, Kokiopoulou and Saad 2007), the products
    /// of two of them Σ A_ii², and ‖Ag‖² ‖A‖_F². The standard error is the jackknife's (Tukey 1958). From unit vectors, and so exact,
    /// where these are no more.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="like">A vector of the type, size and device of those multiplied.</param>
    /// <param name="draws">The most vectors, at least 2; as many are held. Of two no error is known.</param>
    /// <param name="generator">Draws them.</param>
    public static DiagonalEstimate Of(ISymmetricMatrix matrix, Tensor like, int draws, Generator generator)
    {
        if (like.Elements <= draws)
        {
            return Whole(matrix, like);
        }

        var diagonals = ImmutableArray.CreateBuilder<Tensor>();
        var norms = new double[draws];
        for (var i = 0; i < draws; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var g = RandomSigns.Like(like, generator);
            var image = matrix.Times([g])[0];
            norms[i] = WideSum.OfProducts(image, image);
            diagonals.Add((g * image).MoveToOuterDisposeScope());
        }

        var products = Matrix<double>.Build.Dense(draws, draws);
        for (var i = 0; i < draws; i++)
        {
            for (var j = 0; j < i; j++)
            {
                products[i, j] = products[j, i] = WideSum.OfProducts(diagonals[i], diagonals[j]);
            }
        }

        var (pairs, norm) = (products.RowSums().Sum(), norms.Sum());
        double Share(double sum, double of, int count) => sum / (count * (count - 1)) / (of / count);
        double[] without =
            [.. Enumerable.Range(0, draws).Select(i => Share(pairs - (2 * products.Row(i).Sum()), norm - norms[i], draws - 1))];
        var error = draws < 3 ? double.NaN : Math.Sqrt((draws - 1.0) / draws * without.Sum(one => Math.Pow(one - without.Average(), 2)));
        return new DiagonalEstimate(
            diagonals.ToImmutable(), pairs / (draws * (draws - 1)), norm / draws,
            Uncertain.Estimated(Share(pairs, norm, draws), error, draws), draws);
    }

    private static DiagonalEstimate Whole(ISymmetricMatrix matrix, Tensor like)
    {
        var size = (int)like.Elements;
        var diagonal = Tensor.ZerosLike(like);
        var norm = 0.0;
        for (var i = 0; i < size; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var unit = Tensor.ZerosLike(like);
            unit.Narrow(0, i, 1).CopyInPlace(Tensor.OnesLike(unit.Narrow(0, i, 1)));
            var column = matrix.Times([unit])[0];
            norm += WideSum.OfProducts(column, column);
            diagonal.Narrow(0, i, 1).CopyInPlace(column.Narrow(0, i, 1));
        }

        var onDiagonal = WideSum.OfProducts(diagonal, diagonal);
        return new DiagonalEstimate([diagonal], onDiagonal, norm, onDiagonal / norm, size);
    }
}
