using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>First values of parameters, as the literature has them.</summary>
public static class Initializers
{
    // The standard deviation of a standard normal number limited to [−2, 2].
    private const double DeviationOfTruncated = 0.87962566103423978;

    // Φ(−2), the part of the normal distribution below the limit.
    private const double Below = 0.022750131948179195;

    private static readonly TorchOperator s_erfinv = new("aten::erfinv");
    private static readonly TorchOperator s_qr = new("aten::linalg_qr");

    /// <summary>Zero.</summary>
    public static Initializer Zeros { get; } = (shape, _, _, _) => Tensor.Zeros(shape, ScalarType.Float64);

    /// <summary>One.</summary>
    public static Initializer Ones { get; } = (shape, _, _, _) => Tensor.Ones(shape, ScalarType.Float64);

    /// <summary>The identity matrix.</summary>
    /// <exception cref="OccamException">The parameter isn't a square matrix.</exception>
    public static Initializer Identity { get; } = (shape, _, _, _) => shape.Length == 2 && shape[0] == shape[1]
        ? Tensor.Eye(shape[0], ScalarType.Float64)
        : throw new OccamException(
            $"a layer of the shape {string.Join("×", shape)} can't start as the identity: expected as many outputs as inputs");

    /// <summary>
    /// PyTorch's default for weights and biases of dense and convolutional layers: uniform in ±1/√fan-in
    /// (<c>kaiming_uniform_</c> with a = √5).
    /// </summary>
    public static Initializer UniformFanIn { get; } = (shape, fanIn, _, generator) => Uniform(shape, 1 / Math.Sqrt(fanIn), generator);

    /// <summary>
    /// LeCun et al. 1998 ("Efficient BackProp"): variance 1/fan-in; normal, cut off at two standard deviations of
    /// the uncut distribution and scaled so that the variance is met.
    /// </summary>
    public static Initializer LeCun { get; } = (shape, fanIn, _, generator) =>
    {
        var uniform = Tensor.Rand(shape, generator, ScalarType.Float64);
        var truncated = s_erfinv.Call((((uniform * (1 - (2 * Below))) + Below) * 2) - 1) * Math.Sqrt(2);
        return truncated * (1 / (Math.Sqrt(fanIn) * DeviationOfTruncated));
    };

    /// <summary>Glorot and Bengio 2010, eq. 16: uniform in ±√(6/(fan-in + fan-out)).</summary>
    public static Initializer Glorot { get; } =
        (shape, fanIn, fanOut, generator) => Uniform(shape, Math.Sqrt(6.0 / (fanIn + fanOut)), generator);

    /// <summary>He et al. 2015, eq. 10: normal of variance 2/fan-in.</summary>
    public static Initializer He { get; } =
        (shape, fanIn, _, generator) => Tensor.Randn(shape, generator, ScalarType.Float64) * Math.Sqrt(2.0 / fanIn);

    /// <summary>
    /// Saxe et al. 2014: the rows of the weight as a matrix (outputs × the rest) are orthonormal, or its columns where
    /// they are fewer; uniform among all such matrices.
    /// </summary>
    public static Initializer Orthogonal { get; } = (shape, _, _, generator) =>
    {
        var (rows, columns) = (shape[0], shape.Skip(1).Aggregate(1L, (product, size) => product * size));
        var normal = Tensor.Randn([Math.Max(rows, columns), Math.Min(rows, columns)], generator, ScalarType.Float64);
        var factors = s_qr.CallAll(normal, "reduced");

        // With R's diagonal made positive the factorization is unique, and Q uniform (Mezzadri 2007).
        var q = factors[0] * factors[1].Diagonal().Sign().Unsqueeze(0);
        return (rows >= columns ? q : q.T()).Contiguous().Reshape(shape);
    };

    private static Tensor Uniform(long[] shape, double limit, Generator generator) =>
        ((Tensor.Rand(shape, generator, ScalarType.Float64) * 2) - 1) * limit;
}
