using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The trace of a symmetric matrix that is only known by its products, estimated from random ±1 vectors. Hutchinson 1990: the mean of
/// gᵀHg. Hutch++ (Meyer, Musco, Musco and Woodruff 2021, Algorithm 1): with Q an orthonormal basis of HS for random S,
/// tr(QᵀHQ) exactly, plus Hutchinson's estimate of what is left, (I − QQᵀ)H(I − QQᵀ). A third of the products each for S,
/// for Q, and for the rest; of the last two only vᵀHv is needed.
/// </summary>
/// <param name="Trace">
/// Hutch++'s estimate, with the standard error of the rest's estimates: Q is as it is. Exact where Q leaves but rounding.
/// </param>
/// <param name="Hutchinson">Hutchinson's estimate from the vectors S, with the same products.</param>
/// <param name="Products">The number of products computed.</param>
internal sealed record HutchPlusPlus(Uncertain Trace, Uncertain Hutchinson, int Products)
{
    // What is left of a column after the others are taken out, over its length, when it is made of them.
    private const double Dependent = 1e-5;

    // Numbers of the vectors that are multiplied at once; beyond the second, no more than one where that takes no longer.
    private const long MostAtOnce = 24L << 20;
    private const long Large = 2L << 20;

    /// <summary>Estimates the trace.</summary>
    /// <param name="matrix">The matrix H.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="products">The maximal number of products, at least 6.</param>
    /// <param name="generator">Draws the random vectors.</param>
    /// <param name="seen">Receives each of the vectors S and its image.</param>
    public static HutchPlusPlus Of(
        ISymmetricMatrix matrix, Tensor like, int products, Generator generator, Action<Tensor, Tensor>? seen = null)
    {
        var third = products / 3;
        var atOnce = matrix.IsOneByOne && like.Elements > Large ? 1 : (int)Math.Clamp(MostAtOnce / Math.Max(1, like.Elements), 1, third);
        int[][] parts = [.. Enumerable.Range(0, third).Chunk(atOnce)];
        using var basis = new OrthonormalBasis();
        var first = new List<double>(third);
        using var spread = new SignVariance(like);
        foreach (var part in parts)
        {
            using var scope = Libtorch.NewDisposeScope();
            Tensor[] S = [.. part.Select(_ => RandomSigns.Like(like, generator))];
            foreach (var (s, image) in S.Zip(matrix.Times(S)))
            {
                first.Add(WideSum.OfProducts(s, image));
                spread.Add(s, image);
                seen?.Invoke(s, image);
                Extend(basis, image);
            }
        }

        var found = 0.0;
        foreach (var part in Enumerable.Range(0, basis.Count).Chunk(atOnce))
        {
            using var scope = Libtorch.NewDisposeScope();
            found += matrix.Forms([.. part.Select(i => basis[i])]).Sum();
        }

        var left = new List<double>(third);
        foreach (var part in parts)
        {
            using var scope = Libtorch.NewDisposeScope();
            Tensor[] G = [.. part.Select(_ => RandomSigns.Like(like, generator))];
            foreach (var g in G)
            {
                basis.TakeOut(g);
            }

            left.AddRange(matrix.Forms(G));
        }

        var rounding = like.ScalarType == ScalarType.Float64 ? 1e-12 : 1e-5;
        var trace = left.All(rest => Math.Abs(rest) <= rounding * Math.Abs(found))
            ? Uncertain.Exact(found + left.Average())
            : found + Uncertain.Mean(left);
        var hutchinson = Uncertain.Estimated(first.Average(), Math.Sqrt(spread.OfForm / third));
        return new HutchPlusPlus(trace, hutchinson, first.Count + basis.Count + left.Count);
    }

    private static void Extend(OrthonormalBasis basis, Tensor image)
    {
        using var scope = Libtorch.NewDisposeScope();
        var length = image.Norm().Item();
        var rest = basis.TakeOut(image);
        if (rest > Dependent * length)
        {
            basis.Add(image.MultiplyInPlace(1 / rest));
        }
    }
}
