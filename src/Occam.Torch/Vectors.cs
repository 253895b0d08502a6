namespace Occam.Torch;

/// <summary>The products of matrices and the convolutions' gradients that are Occam's own, for processors with AVX-512.</summary>
internal static class Vectors
{
    private const int Norms = 0;
    private const int Rows = 1;
    private const int Grams = 2;

    private static readonly TorchOperator s_hasVectors = new("occam::has_vectors");
    private static readonly TorchOperator s_products = new("occam::chain_products");
    private static readonly Lazy<bool> s_arePossible = new(() =>
    {
        using var scope = Libtorch.NewDisposeScope();
        return s_hasVectors.Call().Item() != 0;
    });

    /// <summary>Whether this processor has what they need.</summary>
    public static bool ArePossible => s_arePossible.Value;

    /// <summary>
    /// ‖A D_1 B_1 D_2 B_2 …‖_F² of each example (batch, float64), with D_i the diagonal matrices of the given slopes. Where a slope is
    /// zero nothing is multiplied.
    /// </summary>
    /// <param name="first">A.</param>
    /// <param name="slopes">The diagonals: batch × size each.</param>
    /// <param name="factors">B_1, B_2, …</param>
    /// <param name="firstIsUpper">Whether A is an upper triangle.</param>
    /// <param name="lastIsLower">Whether the last factor is a lower triangle.</param>
    public static Tensor ChainNorms(Tensor first, Tensor[] slopes, Tensor[] factors, bool firstIsUpper, bool lastIsLower) =>
        s_products.Call(first, slopes, factors, firstIsUpper, lastIsLower, Norms);

    /// <summary>The products themselves: batch × rows × columns.</summary>
    /// <inheritdoc cref="ChainNorms"/>
    public static Tensor Chain(Tensor first, Tensor[] slopes, Tensor[] factors, bool firstIsUpper, bool lastIsLower) =>
        s_products.Call(first, slopes, factors, firstIsUpper, lastIsLower, Rows);

    /// <summary>The products times their transposes: batch × rows × rows, float64.</summary>
    /// <inheritdoc cref="ChainNorms"/>
    public static Tensor ChainGrams(Tensor first, Tensor[] slopes, Tensor[] factors, bool firstIsUpper, bool lastIsLower) =>
        s_products.Call(first, slopes, factors, firstIsUpper, lastIsLower, Grams);
}
