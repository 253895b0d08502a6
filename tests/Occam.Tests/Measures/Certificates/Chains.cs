using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Torch;

namespace Occam.Tests.Measures.Certificates;

/// <summary>Chains of given or random matrices, and what their bounds are held against.</summary>
internal static class Chains
{
    public static AffineChain Of(Interval slopes, params Tensor[] weights) =>
        new([.. weights], [.. Enumerable.Repeat(slopes, weights.Length - 1)], 0);

    public static AffineChain Random(ulong seed, Interval slopes, params long[] sizes)
    {
        using Generator generator = new(seed);
        return Of(slopes, [.. sizes.Zip(sizes.Skip(1), (columns, rows) => Tensor.Randn([rows, columns], generator, ScalarType.Float64))]);
    }

    /// <summary>The bounds by name, or those of a chain that LipSDP takes parts of.</summary>
    public static Dictionary<string, double> Bounds(AffineChain chain, int most = 1000) =>
        ChainBounds.Of(chain, new MeasureOptions(), most).Found.ToDictionary(bound => bound.Name, bound => bound.Value);

    /// <summary>
    /// The largest norm of W_L D_L … D_1 W_0 over all diagonal matrices whose numbers are the ends of the slopes: no upper bound of chains
    /// with such activations is below it, and with one hidden layer it is the largest over all slopes between.
    /// </summary>
    public static double LargestOverPatterns(AffineChain chain)
    {
        using var scope = Libtorch.NewDisposeScope();
        var patterns = 1L << (int)chain.Hidden;
        var products = chain.Weights[0].Unsqueeze(0);
        var unit = 0;
        for (var layer = 0; layer < chain.Slopes.Length; layer++)
        {
            var (size, slopes) = (products.Size(1), new double[patterns * products.Size(1)]);
            for (long i = 0; i < slopes.Length; i++)
            {
                var isSteep = (i / size >> (int)(unit + (i % size)) & 1) == 1;
                slopes[i] = isSteep ? chain.Slopes[layer].High : chain.Slopes[layer].Low;
            }

            unit += (int)size;
            products = chain.Weights[layer + 1].MatMul(products * Tensor.FromArray(slopes, patterns, size, 1));
        }

        return products.SingularValues().Flatten().AMax([0]).Item();
    }

    public static double Norm(Tensor matrix) => matrix.SingularValues().AMax([0]).Item();
}
