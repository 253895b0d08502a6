using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The variance of gᵀHg over vectors g of random signs, 2 Σ_{i≠j} H_ij² = 2 Σ_i Var(g_i (Hg)_i), from the samples' own variances of
/// each g_i (Hg)_i. It varies much less than the variance of the few numbers gᵀHg themselves, so that an error from it needs no
/// quantile of Student's.
/// </summary>
internal sealed class SignVariance : IDisposable
{
    // Numbers at once, so that no other vector of the size of the network is held.
    private const long PartSize = 1L << 20;

    private readonly Tensor _sum;
    private double _squares;
    private int _count;

    /// <summary>Begins.</summary>
    /// <param name="like">A vector of the type, size and device of g.</param>
    public SignVariance(Tensor like) => _sum = Tensor.ZerosLike(like);

    /// <summary>The variance found; NaN of fewer than two.</summary>
    public double OfForm => _count < 2 ? double.NaN
        : 2 * Math.Max(0, _squares - (WideSum.OfProducts(_sum, _sum) / _count)) / (_count - 1);

    /// <summary>Takes a vector and its image in.</summary>
    public void Add(Tensor g, Tensor image)
    {
        for (var start = 0L; start < g.Elements; start += PartSize)
        {
            using var scope = Libtorch.NewDisposeScope();
            var length = Math.Min(PartSize, g.Elements - start);
            var product = g.Narrow(0, start, length) * image.Narrow(0, start, length);
            _sum.Narrow(0, start, length).AddInPlace(product);
            _squares += WideSum.OfProducts(product, product);
        }

        _count++;
    }

    /// <inheritdoc/>
    public void Dispose() => _sum.Dispose();
}
